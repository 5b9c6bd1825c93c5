import { gzipSync } from "node:zlib";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const server = "http://127.0.0.1:7243";
const FIRST_LOAD_LIMIT_KB = 200;

/** Says how much script, gzipped, the first page waits for, and fails the build when it is too much. */
function firstLoad(): Plugin {
  return {
    name: "first-load",
    generateBundle(_options, bundle) {
      const seen = new Set<string>();
      const visit = (file: string): void => {
        const chunk = bundle[file];
        if (seen.has(file) || chunk?.type !== "chunk") return;
        seen.add(file);
        for (const next of chunk.imports) visit(next);
      };
      for (const [file, chunk] of Object.entries(bundle))
        if (chunk.type === "chunk" && chunk.isEntry) visit(file);
      for (const [file, chunk] of Object.entries(bundle))
        if (chunk.type === "chunk" && chunk.facadeModuleId?.endsWith("overview-page.tsx")) visit(file);
      const bytes = [...seen].reduce((sum, file) => {
        const chunk = bundle[file];
        return sum + (chunk?.type === "chunk" ? gzipSync(chunk.code).length : 0);
      }, 0);
      const kb = bytes / 1000;
      this.info(`first load of the overview: ${kb.toFixed(1)} kB of script, gzipped, in ${seen.size} files`);
      if (kb > FIRST_LOAD_LIMIT_KB) this.error(`The first load is over ${FIRST_LOAD_LIMIT_KB} kB.`);
    },
  };
}

/** Libraries that only some pages need: each stays with the page or part that loads it. */
const LAZY =
  /uplot|yaml|prosemirror|markdown-it|linkify|mdurl|entities|uc\.micro|punycode|cmdk|orderedmap|tiptap|react-virtual/;

/** The app is built into dist/web, which the server hands out; in development Vite passes the API on to the server. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), firstLoad()],
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    target: "es2023",
    chunkSizeWarningLimit: 500,
    // Nothing inlined: the content security policy takes fonts and scripts from this origin only.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules\/(react|react-dom|scheduler)\//, priority: 3 },
            {
              name: "vendor",
              test: (id) => id.includes("node_modules") && !LAZY.test(id),
              priority: 2,
              minShareCount: 2,
            },
            { name: "ui", test: /web\/src\/(ui|lib|app)\//, priority: 1, minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: { host: "127.0.0.1", proxy: { "/api": server, "/status": server } },
});
