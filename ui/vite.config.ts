import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Relative paths, because the built files are served from inside the program.
// The window is WebKit (Linux, macOS) or WebView2 (Windows); Safari 16.4 is the oldest of them that still gets updates.
export default defineConfig({
  base: './',
  plugins: [react()],
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
          // What every screen stands on, in one file; the rest is split where `app/later` says so.
          groups: [
            {
              name: 'base',
              test: /node_modules\/(react|react-dom|scheduler|i18next|react-i18next|clsx|@tauri-apps|@tanstack\/(react-)?query(-core)?)\//,
            },
          ],
        },
      },
    },
  },
})
