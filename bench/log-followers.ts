/** A process of followers: `log-followers.js URL TOKEN COUNT` prints what each saw, as JSON. */
import { follow } from './log-follower.js';

const [, , url = '', token = '', count = '1'] = process.argv;
const followers = Array.from({ length: Number(count) }, () => follow(url, { authorization: `Bearer ${token}` }));
process.stdout.write(JSON.stringify(await Promise.all(followers)));
