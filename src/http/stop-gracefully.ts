import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { AnswerHold } from './answer/answer-hold.js';

/**
 * Stops taking connections, gives the requests under way so many milliseconds to end, and then closes everything else.
 * Held answers (`?wait=`) are given at once.
 */
export async function stopGracefully(app: INestApplication, milliseconds: number): Promise<void> {
  const server = app.getHttpServer() as Server;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const cut = setTimeout(() => server.closeAllConnections(), milliseconds);
  app.get(AnswerHold).release();
  await closed;
  clearTimeout(cut);
  await app.close();
}
