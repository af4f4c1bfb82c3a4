import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** Fetches the font of the first screen beside the code: found by the first layout, it would mean a second one. */
const earlyFont: Plugin = {
  name: 'early-font',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle }) =>
      Object.keys(bundle ?? {})
        .filter((file) => /inter-latin-wght-normal.*\.woff2$/.test(file))
        .map((file) => ({
          tag: 'link',
          attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `./${file}` },
          injectTo: 'head-prepend',
        })),
  },
}

// Relative paths, because the built files are served from inside the program.
// The window is WebKit (Linux, macOS) or WebView2 (Windows); Safari 16.4 is the oldest of them that still gets updates.
export default defineConfig({
  base: './',
  plugins: [react(), earlyFont],
  clearScreen: false,
  server: { port: 5173, strictPort: true, host: '127.0.0.1' },
  build: {
    outDir: 'dist',
    target: ['safari16.4', 'chrome120'],
    // A data: font would need a wider CSP than the window has.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What every screen stands on, in two files: each file is a request of its own, which costs a start more than a
          // few kilobytes that it does not need. The rest is split where `app/later` says so.
          groups: [
            {
              name: 'base',
              test: /node_modules\/(?!@tanstack\/(react-)?(router|virtual)|@mantine\/spotlight|qrcode)/,
              tags: ['$initial'],
            },
            { name: 'first', test: /\/src\//, tags: ['$initial'] },
          ],
        },
      },
    },
  },
})
