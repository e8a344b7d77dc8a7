import { type Api, type Command, CommandFault, type Reply, said } from './command.js';
import { cancelCommand, deployCommand } from './deploy.command.js';
import { lockCommand, unlockCommand } from './lock.command.js';
import { logsCommand } from './logs.command.js';
import { explainCommand, psCommand, restartCommand } from './ps.command.js';
import { readParameters, usageOf } from './read-parameters.js';
import { buildsCommand, promoteCommand, releasesCommand } from './releases.command.js';
import { rollbackCommand } from './rollback.command.js';
import { scaleCommand } from './scale.command.js';
import { statusCommand } from './status.command.js';
import { wordsOf } from './words.js';

/** Every verb, for chats and for the CLI: neither has one of its own. */
export const COMMANDS: readonly Command[] = [
  deployCommand,
  rollbackCommand,
  promoteCommand,
  statusCommand,
  psCommand,
  releasesCommand,
  buildsCommand,
  scaleCommand,
  restartCommand,
  logsCommand,
  explainCommand,
  lockCommand,
  unlockCommand,
  cancelCommand,
];

/**
 * Runs a line: `deploy shop production main`. An empty one, and `help`, say what there is. Throws {@link CommandFault}
 * for what cannot be understood, and `ApiRefusal` for what the API refuses.
 */
export async function runCommand(line: string, api: Api): Promise<Reply> {
  const [verb, ...words] = wordsOf(line);
  if (verb === undefined || verb.toLowerCase() === 'help') return help();
  const command = COMMANDS.find(({ name }) => name === verb.toLowerCase());
  if (command === undefined) throw new CommandFault(`There is no "${verb.slice(0, 40)}".\n${help().text}`);
  return command.run(readParameters(command, words), api);
}

/** Every verb with a line about it. */
const help = (): Reply => said(...COMMANDS.map((command) => `${usageOf(command)}: ${command.about}`));
