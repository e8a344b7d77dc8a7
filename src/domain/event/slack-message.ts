import { type EventStory, sentencesOf } from './event-story.js';

/** What an incoming webhook of Slack takes: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks. */
export interface SlackMessage {
  /** For notifications and screen readers. */
  readonly text: string;
  readonly blocks: readonly unknown[];
}

/** A message of what happened: what, why, where, by whom, and a link where Jockey knows its own address. */
export function slackMessageOf(story: EventStory, jockeyUrl: string | null): SlackMessage {
  const { data } = story;
  const { what, why } = sentencesOf(story);
  const title = data['test'] === true ? `Test: ${what}` : what;
  const plain = why === null ? title : `${title}: ${why}`;
  const told = why === null ? `*${escaped(title)}*` : `*${escaped(title)}*\n${escaped(why)}`;
  const facts = [linkOf(story, jockeyUrl), byOf(story), `at ${story.at.toISOString()}`];
  return {
    text: escaped(plain),
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: `${MARKS[endOf(story)] ?? ''}${told}` } },
      {
        type: 'context',
        elements: [{ type: 'mrkdwn', text: facts.filter((fact) => fact !== null).join(' · ') }],
      },
    ],
  };
}

/** The three characters that Slack reads as its own: https://docs.slack.dev/messaging/formatting-message-text#escaping. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const MARKS: Readonly<Record<string, string>> = {
  failed: ':x: ',
  deployed: ':white_check_mark: ',
  completed: ':white_check_mark: ',
  paused: ':double_vertical_bar: ',
};

function endOf({ kind }: EventStory): string {
  return kind.slice(kind.indexOf('.') + 1);
}

const PATHS: Readonly<Record<string, string>> = {
  build: 'builds',
  deploy: 'deploys',
  reconcile: 'reconciles',
  config_set: 'config_sets',
  host_pool: 'host_pools',
  host: 'hosts',
};

/** A release is shown by the deploy that made it, an instance by the one that it is of. */
function linkOf({ subject, subjectId, data }: EventStory, jockeyUrl: string | null): string | null {
  const path =
    subject === 'release' || subject === 'instance'
      ? `deploys/${String(data['deploy_id'])}`
      : `${PATHS[subject] ?? subject}/${subjectId}`;
  return jockeyUrl === null || subject === 'push'
    ? null
    : `<${jockeyUrl.replace(/\/+$/, '')}/${path}|${path.replace('/', ' ')}>`;
}

function byOf({ data: { by } }: EventStory): string | null {
  return typeof by === 'string' ? `by ${escaped(by)}` : null;
}
