import { describe, expect, it } from 'vitest';
import { launchCommand } from './launch-command.js';

describe('launchCommand', () => {
  it.each([null, 'dockerfile', 'buildstep'] as const)('leaves commands as they are for method %s', (method) =>
    expect(launchCommand(method, ['/start', 'web'])).toEqual({ entrypoint: null, command: ['/start', 'web'] }),
  );

  it('has Cloud Native Buildpacks run the process that /start names', () => {
    expect(launchCommand('cnb', ['/start', 'web'])).toEqual({ entrypoint: ['/cnb/process/web'], command: [] });
    expect(launchCommand('cnb', ['/start', 'web', '-v'])).toEqual({
      entrypoint: ['/cnb/process/web'],
      command: ['-v'],
    });
  });

  it('sends any other command through the launcher, word by word', () => {
    expect(launchCommand('cnb', ['bin/migrate', 'a b', '$X'])).toEqual({
      entrypoint: ['/cnb/lifecycle/launcher'],
      command: ['--', 'bin/migrate', 'a b', '$X'],
    });
  });

  it.each([['/start'], ['/start', '../sh'], ['/start', '']])(
    'takes %j for a command, not for a process',
    (...command) => expect(launchCommand('cnb', command).entrypoint).toEqual(['/cnb/lifecycle/launcher']),
  );

  it('leaves the image its own command where none is said', () => {
    expect(launchCommand('cnb', [])).toEqual({ entrypoint: null, command: [] });
  });
});
