// Description:
//   Deploys with Jockey: hands on what people say to its API, and says what the API answers. It knows no verb of its own.
//
// Configuration:
//   JOCKEY_URL - where Jockey is: https://jockey.example.com
//   JOCKEY_OAUTH_TOKEN - the token of the bot
//   JOCKEY_SPEAKS_AS - "people" (the default): everyone with the rights that they have on GitHub, once they are linked;
//     "bot": everyone with the rights of the bot's token
//   JOCKEY_CHAT - a name of the chat, the same for all bots in it; the name of the adapter where nothing is said
//
// Commands:
//   hubot jockey <command> - runs a command of Jockey; "hubot jockey help" lists them
//   hubot jockey link <code> - says who you are on GitHub; POST /chat_links gives the code

/** How long an answer may take, in milliseconds; Jockey holds one for 30 s while a deploy is in progress. */
const PATIENCE = 60_000;

/** Before Jockey is asked again when it does not answer, in milliseconds. */
const AGAIN = 5_000;

/** How often an outage is borne while a deploy is waited for. */
const MOST_OUTAGES = 60;

/** Words that wake up a whole room, which a log or the message of a commit may hold. */
const LOUD = /@(?=everyone|here|channel|all\b)/gi;

const quiet = (text) => text.replace(LOUD, '@\u200B');

/** Asks Jockey. A refusal is an Error with the words of the API, and `refused`; a silence is one without. */
async function ask({ url, token }, method, path, body) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE),
  });
  const answer = await response.json().catch(() => null);
  if (response.ok && answer !== null) return answer.data;
  const words = answer?.error?.message ?? `${url} answers ${response.status}, and not as Jockey does.`;
  throw Object.assign(new Error(words), { refused: response.status < 500 });
}

/** The deploy as it ended. An outage of Jockey is waited out. */
async function settled(jockey, id) {
  for (let outages = 0; ;) {
    try {
      const deploy = await ask(jockey, 'GET', `/deploys/${encodeURIComponent(id)}?wait=30`);
      if (deploy.outcome !== null) return deploy;
    } catch (error) {
      outages += 1;
      if (error.refused === true || outages > MOST_OUTAGES) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }
}

/** Tells the room what became of a deploy, in the words of Jockey. */
async function follow(jockey, message, id) {
  const { app, environment, outcome } = await settled(jockey, id);
  const { answer } = await ask(jockey, 'GET', `/deploys/${encodeURIComponent(id)}/explain`);
  await message.send(quiet(`Deploy ${id} of ${app.name} to ${environment.name}: ${outcome}. ${answer}`));
}

function settingsOf(robot) {
  const { JOCKEY_URL, JOCKEY_OAUTH_TOKEN, JOCKEY_SPEAKS_AS = 'people', JOCKEY_CHAT } = process.env;
  if (!JOCKEY_URL || !JOCKEY_OAUTH_TOKEN) throw new Error('JOCKEY_URL and JOCKEY_OAUTH_TOKEN have to be set.');
  if (!['people', 'bot'].includes(JOCKEY_SPEAKS_AS))
    throw new Error(`JOCKEY_SPEAKS_AS is "${JOCKEY_SPEAKS_AS}", but should be "people" or "bot".`);
  return {
    url: JOCKEY_URL.replace(/\/+$/, ''),
    token: JOCKEY_OAUTH_TOKEN,
    speaksAs: JOCKEY_SPEAKS_AS,
    chat: JOCKEY_CHAT ?? `hubot-${(robot.adapterName ?? 'chat').toLowerCase().replaceAll(/[^\w.-]/g, '-')}`,
  };
}

/** Runs a line as whoever says it, or as the bot. */
function run(jockey, message, text) {
  if (jockey.speaksAs === 'bot') return ask(jockey, 'POST', '/commands', { text });
  const speaker = { team_id: jockey.chat, user_id: String(message.message.user.id) };
  return ask(jockey, 'POST', '/chat/messages', { ...speaker, text });
}

/** Takes `hubot jockey …`. */
export default (robot) => {
  const jockey = settingsOf(robot);
  const complain = (message) => (error) =>
    message.reply(quiet(error.refused === undefined ? `Jockey does not answer: ${error.message}` : error.message));

  robot.respond(/jockey(?:\s+([\s\S]*))?$/i, async (message) => {
    try {
      const { text, deploy } = await run(jockey, message, (message.match[1] ?? '').trim());
      await message.reply(quiet(text));
      if (deploy !== null) void follow(jockey, message, deploy).catch(complain(message));
    } catch (error) {
      await complain(message)(error);
    }
  });
};
