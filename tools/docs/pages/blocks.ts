import MarkdownIt from 'markdown-it';
import type { Page } from './pages.js';

/** A fenced block of a page, with what the comments right before it say of it. */
export interface Block {
  /** Path of its page. */
  readonly page: string;
  /** Line of its fence, from 1. */
  readonly line: number;
  /** The word after the fence: `sh`, `json`, … */
  readonly language: string;
  readonly code: string;
  /** Why no test can run it; null where one does. */
  readonly notRun: string | null;
  /** Code that readers do not see and that is run first: what the page takes for granted. */
  readonly before: string;
  /** The exit code of its last command. */
  readonly exits: number;
  /** Whether it is the output of the command block before it. */
  readonly shows: boolean;
}

/** One thing that a comment says of the block after it. */
type Mark = Partial<Pick<Block, 'notRun' | 'before' | 'exits' | 'shows'>>;

const COMMENT = /^<!--\s*(?<words>[^]*?)\s*-->\s*$/;
const SPELLINGS: readonly { readonly form: RegExp; readonly read: (rest: string) => Mark }[] = [
  { form: /^not run:\s*(?<rest>\S[^]*)$/, read: (notRun) => ({ notRun }) },
  { form: /^before:\s*(?<rest>\S[^]*)$/, read: (before) => ({ before }) },
  { form: /^exits:\s*(?<rest>\d+)$/, read: (exits) => ({ exits: Number(exits) }) },
  { form: /^shows(?<rest>)$/, read: () => ({ shows: true }) },
];

/** The fenced blocks of a page, in order. Throws where a comment describes a block that does not follow. */
export function blocksOf({ path, text }: Page): readonly Block[] {
  const blocks: Block[] = [];
  let marks: Mark = {};
  const lose = (line: number): never => {
    throw new Error(`${path}:${line}: the comment before this line belongs to no block`);
  };
  for (const { type, content, info, map } of new MarkdownIt({ html: true }).parse(text, {})) {
    if (type === 'fence') {
      const place = { page: path, line: (map?.[0] ?? 0) + 1, language: info.trim(), code: content };
      blocks.push({ ...place, notRun: null, before: '', exits: 0, shows: false, ...marks });
    } else if (type !== 'html_block' && Object.keys(marks).length > 0) lose((map?.[0] ?? 0) + 1);
    marks = type === 'html_block' ? { ...marks, ...markOf(content) } : {};
  }
  return blocks;
}

/** A comment that is no mark says nothing of blocks. */
function markOf(comment: string): Mark {
  const words = COMMENT.exec(comment)?.groups?.['words'] ?? '';
  for (const { form, read } of SPELLINGS) {
    const rest = form.exec(words)?.groups?.['rest'];
    if (rest !== undefined) return read(rest);
  }
  return {};
}
