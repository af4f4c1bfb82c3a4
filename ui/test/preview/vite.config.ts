import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Only for looking at screens without Rust. Not part of the build that ships.
export default defineConfig({
  root: 'test/preview',
  plugins: [react()],
  build: { assetsInlineLimit: 0 },
  server: { port: 5174, strictPort: true, host: '127.0.0.1', fs: { allow: ['../..'] } },
})
