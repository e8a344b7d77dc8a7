import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

/** How the issuer answers when it is asked for its keys. */
export type Mood = 'well' | 'failing' | 'hanging' | 'talking nonsense';

/** An issuer of tokens as GitHub Actions has one: it signs them, and shows its keys. */
export class CiIssuer {
  mood: Mood = 'well';
  /** How often its keys were asked for. */
  asked = 0;
  private readonly shown: JWK[] = [];

  private constructor(
    private readonly server: Server,
    private key: { id: string; pair: KeyPair },
  ) {}

  static async start(): Promise<CiIssuer> {
    const server = createServer();
    const issuer = new CiIssuer(server, { id: 'none', pair: await newPair() });
    server.on('request', (request, response) => {
      issuer.asked += 1;
      if (issuer.mood === 'hanging') return;
      if (issuer.mood === 'failing') response.writeHead(502).end('bad gateway');
      else if (issuer.mood === 'talking nonsense') response.end('<html>');
      else if (request.url !== '/.well-known/jwks') response.writeHead(404).end();
      else response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: issuer.shown }));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    await issuer.turn('first');
    return issuer;
  }

  /** Signs with a new key from now on, and shows it beside the old ones. */
  async turn(id: string): Promise<void> {
    const pair = await newPair();
    this.key = { id, pair };
    this.shown.push({ ...(await exportJWK(pair.publicKey)), kid: id, alg: 'RS256', use: 'sig' });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Its newest key, as everybody may see it. */
  get publicKey(): JWK {
    return this.shown[this.shown.length - 1] as JWK;
  }

  /** A token with these claims, good for five minutes where they do not say otherwise. */
  async token(claims: JWTPayload, header: { alg?: string; kid?: string } = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ iss: this.url, iat: now, nbf: now - 10, exp: now + 300, ...claims })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: this.key.id, ...header })
      .sign(this.key.pair.privateKey);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}

const newPair = (): Promise<KeyPair> => generateKeyPair('RS256', { extractable: true });
