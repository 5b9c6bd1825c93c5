// Runs before the first paint, so that the page never flashes in the wrong theme.
// A file of its own rather than an inline script: the content security policy allows no inline scripts.
(() => {
  const read = (key, fallback) => {
    try {
      return localStorage.getItem(key) ?? fallback;
    } catch {
      return fallback;
    }
  };
  const choice = read("keepwatch.theme", "auto");
  const hour = new Date().getHours();
  const night = hour >= 20 || hour < 7;
  const theme = choice === "light" || choice === "dark" ? choice : night ? "dark" : "light";
  document.documentElement.dataset.theme = theme;
  document.documentElement.dataset.density = read("keepwatch.density", "comfortable");
  const meta = document.querySelector('meta[name="theme-color"]');
  if (meta) meta.setAttribute("content", theme === "dark" ? "#0d0f15" : "#f5f6f8");
})();
