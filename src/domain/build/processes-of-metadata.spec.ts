import { describe, expect, it } from 'vitest';
import { processesOfMetadata } from './processes-of-metadata.js';

describe('processesOfMetadata', () => {
  it('names each with its command and arguments', () => {
    const processes = [{ type: 'web', command: 'bin/serve', args: ['--port', '80'], direct: false }];
    expect(processesOfMetadata({ processes })).toEqual([{ name: 'web', command: 'bin/serve --port 80' }]);
  });

  it('takes commands that are lists, as newer lifecycles write them', () => {
    const processes = [{ type: 'web', command: ['bin/serve', '-v'], args: ['now'] }, { type: 'idle' }];
    expect(processesOfMetadata({ processes })).toEqual([
      { name: 'web', command: 'bin/serve -v now' },
      { name: 'idle', command: '' },
    ]);
  });

  it.each([undefined, null, 7, [], { processes: 7 }, { processes: [null, { command: 'x' }] }])(
    'finds none in %j',
    (metadata) => expect(processesOfMetadata(metadata)).toEqual([]),
  );
});
