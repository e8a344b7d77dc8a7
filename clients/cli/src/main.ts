import { Command } from 'commander';

/** The program `jockey`. */
const program = new Command('jockey').description('Deploys, rollbacks, logs and one-off commands from a terminal.');

await program.parseAsync();
