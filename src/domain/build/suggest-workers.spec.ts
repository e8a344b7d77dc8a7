import { describe, expect, it } from 'vitest';
import { splitCommand } from '../worker/split-command.js';
import { type SuggestionFacts, suggestWorkers } from './suggest-workers.js';

const TYPES = [
  { name: 'web', command: 'bundle exec puma' },
  { name: 'worker', command: 'bundle exec sidekiq' },
];

const suggest = (change: Partial<SuggestionFacts>) =>
  suggestWorkers({ method: 'buildstep', processTypes: TYPES, workers: [], ...change });

describe('suggestWorkers', () => {
  it('gives each process type a worker that starts it, with what was declared beside it', () => {
    expect(suggest({})).toEqual([
      { processType: 'web', name: 'web', command: '/start web', declared: 'bundle exec puma' },
      { processType: 'worker', name: 'worker', command: '/start worker', declared: 'bundle exec sidekiq' },
    ]);
    expect(suggest({ method: 'cnb' })).toEqual(suggest({}));
  });

  it('leaves out what has a worker by name, or under another name by its command', () => {
    const workers = [
      { name: 'web', command: '/start other' },
      { name: 'jobs', command: ' /start worker' },
    ];
    expect(suggest({ workers })).toEqual([]);
  });

  it('keeps what no worker can be called, without a name', () => {
    const processTypes = [
      { name: 'Mail_er', command: 'a' },
      { name: '9lives', command: 'b' },
      { name: 'x'.repeat(21), command: 'c' },
    ];
    expect(suggest({ processTypes }).map(({ name, command }) => [name, command])).toEqual([
      ['mail_er', '/start Mail_er'],
      [null, '/start 9lives'],
      [null, `/start ${'x'.repeat(21)}`],
    ]);
  });

  it('runs the declared command in an image of a Dockerfile, through a shell only where it is written for one', () => {
    const processTypes = [
      { name: 'web', command: 'bin/serve --port 8888' },
      { name: 'clock', command: `RACK_ENV=x exec ruby -e 'puts 1' | tee "$LOG"` },
    ];
    const [web, clock] = suggest({ method: 'dockerfile', processTypes });
    expect(web?.command).toBe('bin/serve --port 8888');
    expect(splitCommand(clock?.command ?? '')).toEqual(['sh', '-c', processTypes[1]?.command]);
  });
});
