import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where the gateway listens while the console is developed: `npm run dev -w console`. */
const GATEWAY = 'http://127.0.0.1:8080';

export default defineConfig({
  base: '/console/',
  plugins: [react(), tailwindcss()],
  // The gateway puts another nonce in its place in each answer, with which libraries may add styles.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    target: 'es2022',
    // Scripts only by address: the policy of the served page allows no inline ones.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/admin': GATEWAY, '/v1': GATEWAY, '/openapi.json': GATEWAY } },
});
