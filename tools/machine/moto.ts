import { join } from 'node:path';
import { startProgram } from './child.js';
import { requireDebianPart } from './debian-package.js';
import { fetchOk } from './fetch-ok.js';
import { requirePythonModules } from './packages.js';
import type { ProcessRecord } from './processes.js';
import { projectRoot } from './project.js';
import { progress } from './progress.js';
import type { PartPlace } from './redis.js';

/** Debian's moto 5.1, from the first release that has it; it runs on the Python of the one before. */
const MOTO = {
  title: 'moto',
  package: 'python3-moto',
  release: 'trixie',
  path: 'usr/lib/python3/dist-packages',
  cachedAs: 'moto',
  wayOut: 'It is wanted by the tests of host pools alone: npm test -- --only=check,docs,migrations,api,engine',
};

/** The modules that moto asks for, and the Debian package that brings each. */
const MODULES = {
  boto3: 'python3-boto3',
  cryptography: 'python3-cryptography',
  flask: 'python3-flask',
  flask_cors: 'python3-flask-cors',
  responses: 'python3-responses',
  xmltodict: 'python3-xmltodict',
};

/** What moto is run with. */
export interface MotoPrograms {
  readonly python: string;
  /** Folder of moto's own modules. */
  readonly modules: string;
}

/** Makes sure that moto can be run on this machine: installs Python's modules, and fetches moto into a cache. */
export async function requireMoto(): Promise<MotoPrograms> {
  return { python: await requirePythonModules(MODULES), modules: await requireDebianPart(MOTO) };
}

/**
 * Starts moto's server with what Jockey's tests add to it (`tools/moto/server.py`): Auto Scaling, EC2 and SQS, in memory.
 * It answers at `http://127.0.0.1:PORT` for every region.
 */
export async function startMoto({ ledger, logs, port }: Omit<PartPlace, 'address' | 'folder'>): Promise<ProcessRecord> {
  const { python, modules } = await requireMoto();
  progress(`starting moto on 127.0.0.1:${port}`);
  return startProgram(ledger, {
    name: 'moto',
    file: python,
    args: [join(projectRoot(), 'tools', 'moto', 'server.py'), String(port)],
    logFile: join(logs, 'moto.log'),
    // Without .pyc files, the checkout stays as it is.
    env: { PYTHONPATH: modules, PYTHONDONTWRITEBYTECODE: '1' },
    ready: () => fetchOk(`http://127.0.0.1:${port}/jockey/ready`),
  });
}
