import { Field, type Rule, show, Text } from '../../http/input/fields.js';

/** Most of a list: as many kinds of machine as a group takes, and more subnets than a region has zones. */
const MOST = 40;

const listFault =
  (pattern: RegExp, what: string): Rule =>
  (value) =>
    Array.isArray(value) && isListOf(value, pattern)
      ? null
      : `is ${show(value)}, but should be a list of ${what}, 1 to ${MOST}, each once.`;

function isListOf(list: unknown[], pattern: RegExp): boolean {
  const isShort = list.length > 0 && list.length <= MOST && new Set(list).size === list.length;
  return isShort && list.every((each) => typeof each === 'string' && pattern.test(each));
}

const List = (pattern: RegExp, what: string, example: string[]) =>
  Field('map', listFault(pattern, what), {
    example,
    schema: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: MOST },
  });

/** Ids of Amazon: a word and 8 or 17 hexadecimal digits. */
const idOf = (word: string): RegExp => new RegExp(`^${word}-[0-9a-f]{8,17}$`);

/** `m6i.large`, `u-6tb1.112xlarge` */
const INSTANCE_TYPE = /^[a-z][a-z0-9-]{0,30}\.[a-z0-9-]{1,30}$/;

/** What new hosts of a group are made of. */
export class LaunchDto {
  /** The machine image. */
  @Text({ max: 21, pattern: idOf('ami'), shape: 'the id of a machine image, ami-…', example: 'ami-0a1b2c3d4e5f60718' })
  image_id!: string;

  /** Kinds of machine; the group takes what it can get, in this order. */
  @List(INSTANCE_TYPE, 'kinds of machine such as m6i.large', ['m6i.large', 'm6a.large'])
  instance_types!: string[];

  /** Subnets, one or more in each zone that is used. */
  @List(idOf('subnet'), 'ids of subnets, subnet-…', ['subnet-0a1b2c3d4e5f60718'])
  subnets!: string[];

  /** Security groups. */
  @List(idOf('sg'), 'ids of security groups, sg-…', ['sg-0a1b2c3d4e5f60718'])
  security_groups!: string[];

  /** Name or ARN of the instance profile; null or left out for none. */
  @Text({
    max: 1024,
    pattern: /^[A-Za-z0-9+=,.@:/_-]+$/,
    shape: 'the name or the ARN of an instance profile',
    optional: true,
    nullable: true,
    example: 'jockey-host',
  })
  instance_profile?: string | null;

  /** Name of the key pair for SSH; null or left out for none, as nothing of Jockey needs SSH. */
  @Text({
    max: 255,
    pattern: /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/,
    shape: 'the name of a key pair',
    optional: true,
    nullable: true,
    example: null,
  })
  key_name?: string | null;
}

/** Launch settings as an answer shows them. */
export const LAUNCH_EXAMPLE: LaunchDto = {
  image_id: 'ami-0a1b2c3d4e5f60718',
  instance_types: ['m6i.large', 'm6a.large'],
  subnets: ['subnet-0a1b2c3d4e5f60718'],
  security_groups: ['sg-0a1b2c3d4e5f60718'],
  instance_profile: 'jockey-host',
  key_name: null,
};
