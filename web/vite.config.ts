import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = "http://127.0.0.1:7243";

/** The app is built into dist/web, which the server hands out; in development Vite passes the API on to the server. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  build: { outDir: "../dist/web", emptyOutDir: true, target: "es2023", chunkSizeWarningLimit: 300 },
  server: { host: "127.0.0.1", proxy: { "/api": server, "/status": server } },
});
