/** `npm run dev`: page with hot reload and API on one port. */
import { join } from 'node:path';
import type { Plugin, ViteDevServer } from 'vite';
import type { DevApi, DevApiOptions } from './dev.ts';

interface DevModule {
  createDevApi(options: DevApiOptions): Promise<DevApi>;
}

/** Mounts the API on Vite's dev server. */
export function tabcastApi(): Plugin {
  return {
    name: 'tabcast-api',
    apply: 'serve',
    async configureServer(server) {
      const { httpServer } = server;
      // Vitest makes a server as well, to transform modules: it listens nowhere.
      if (httpServer === null) return;
      const module = (await server.ssrLoadModule(
        join(import.meta.dirname, 'dev.ts'),
      )) as unknown as DevModule;
      const api = await module.createDevApi({ port: () => portOf(server) });
      server.middlewares.use((request, response, next) => {
        if (api.handles(request.url ?? '/')) api.listener(request, response);
        else next();
      });
      httpServer.once('listening', () => process.stdout.write(`tabcast: ${api.link()}\n`));
      httpServer.once('close', () => void api.close());
    },
  };
}

function portOf({ httpServer }: ViteDevServer): number {
  const address = httpServer?.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
