import { plain } from '../plain/plain-verb.js';
import type { Argument, Verb } from '../verb.js';

const NAME: Argument = { name: 'NAME', about: 'its name' };
const NAME_OR_ID: Argument = { name: 'NAME', about: 'its name or id' };

/** Verbs about environments, stacks and the ways to what runs. */
export const PLACE_VERBS: readonly Verb[] = [
  plain({
    name: 'environments',
    about: 'list the environments',
    operation: 'listEnvironments',
    path: '/environments',
    columns: ['NAME name', 'ID id'],
    json: 'EnvironmentDto[]',
  }),
  plain({
    name: 'environments:create',
    about: 'create an environment',
    operation: 'createEnvironment',
    method: 'POST',
    path: '/environments',
    takes: [NAME],
    body: { name: 'NAME' },
    json: 'EnvironmentDto',
  }),
  plain({
    name: 'environments:info',
    about: 'show an environment',
    operation: 'getEnvironment',
    path: '/environments/{id}',
    takes: [NAME_OR_ID],
    parts: { id: 'NAME' },
    json: 'EnvironmentDto',
  }),
  plain({
    name: 'stacks',
    about: 'list the stacks: kinds of hosts',
    operation: 'listStacks',
    path: '/stacks',
    columns: ['NAME name', 'ID id'],
    json: 'StackDto[]',
  }),
  plain({
    name: 'stacks:create',
    about: 'create a stack',
    operation: 'createStack',
    method: 'POST',
    path: '/stacks',
    takes: [NAME],
    body: { name: 'NAME' },
    json: 'StackDto',
  }),
  plain({
    name: 'stacks:info',
    about: 'show a stack',
    operation: 'getStack',
    path: '/stacks/{id}',
    takes: [NAME_OR_ID],
    parts: { id: 'NAME' },
    json: 'StackDto',
  }),
  plain({
    name: 'routes',
    about: 'list how traffic gets to each app',
    operation: 'listRoutes',
    path: '/routes',
    filters: ['app', 'environment'],
    options: [{ flags: '--all', about: 'of all apps, whatever the project file says' }],
    columns: [
      'APP app',
      'ENVIRONMENT environment',
      'HOSTNAME host_name',
      'ENDPOINTS endpoints.length',
      'SERVICE service',
    ],
    json: 'RouteDto[]',
  }),
  plain({
    name: 'routes:nginx',
    about: 'print the set-up of an nginx in front of what runs',
    operation: 'getNginxConfig',
    path: '/routes/nginx.conf',
    filters: ['app', 'environment'],
    options: [
      { flags: '--address ADDRESS', about: 'what it listens on' },
      { flags: '--port PORT', about: 'the port it listens on' },
    ],
    query: ['address', 'port'],
    text: true,
    json: 'text',
  }),
  plain({
    name: 'routes:haproxy',
    about: "print the set-up of a HAProxy that follows Consul's DNS",
    operation: 'getHaproxyConfig',
    path: '/routes/haproxy.cfg',
    filters: ['app', 'environment'],
    options: [
      { flags: '--address ADDRESS', about: 'what it listens on' },
      { flags: '--port PORT', about: 'the port it listens on' },
      { flags: '--nameserver ADDRESS', about: "where Consul's DNS is" },
      { flags: '--domain DOMAIN', about: "Consul's domain" },
    ],
    query: ['address', 'port', 'nameserver', 'domain'],
    text: true,
    json: 'text',
  }),
];
