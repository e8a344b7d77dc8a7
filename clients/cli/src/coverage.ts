/**
 * Operations of the API that have no verb, and why. A test fails where an operation stands neither here nor with a verb,
 * and where one stands with both.
 */
export const WITHOUT_VERB: Readonly<Record<string, string>> = {
  beginSignIn: 'for browsers: it sends them to GitHub; programs sign in by `login`',
  finishSignIn: 'the callback of the OAuth app: GitHub alone sends browsers there',
  signInWithToken: 'the form of the status page; programs send the token itself',
  signOut: 'ends the session of a browser; `logout` forgets a token, which has no session',
  signOutByLink: 'ends the session of a browser, by a link',
  takeSlashCommand: 'Slack calls it, and signs it',
  takeChatMessage: 'the bot of a chat calls it for whoever speaks; `chat` says a command as oneself',
  receiveGithubWebhook: 'GitHub calls it, and signs it',
  createHostCertificate: 'a host calls it with the token of its user data, and a key that never leaves it',
  getMetrics: 'Prometheus asks for it',
  showStatus: 'a page for browsers; `open --status` goes there, and `status` says the same',
  showAppStatus: 'a page for browsers; `open --status` goes there',
  showDeployStatus: 'a page for browsers; `wait deploy` and `explain` say the same',
  showBuildStatus: 'a page for browsers; `wait build` says the same',
  showAsset: 'a style or a script of the status page',
  getBadge: 'a picture for pages of others',
  followEvents: 'the same as `events` over a WebSocket, for pages and programs that cannot read a stream',
  restartWorker: '`restart --worker` names the worker, as people do, and not its id',
  getConfigSet: '`config` finds it by app and environment, as people do, and not by its id',
};
