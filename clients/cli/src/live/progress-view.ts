import type { Context } from '../context.js';
import { safeText } from '../safe-text.js';
import type { Canvas } from './draw-deploy.js';
import { InPlace } from './in-place.js';
import { signsFor } from './signs.js';
import type { Stated, SubjectKind } from './subject-kinds.js';

/** Where it is shown how something comes about. */
export interface ProgressView<T> {
  /** How long an answer may be held, in seconds, where the view needs none before the end. */
  readonly hold: number;
  show(thing: T): void;
  line(text: string): void;
  connection(isThere: boolean): void;
  /** Leaves what is shown last on the screen. */
  end(): void;
}

/** What a view is of. */
export interface ViewOf<T extends Stated> {
  readonly kind: SubjectKind<T>;
  /** How to leave, and to come back. */
  readonly wayOut: string;
}

/** The view that the output is fit for: one that changes in place, or line after line. */
export function viewFor<T extends Stated>(context: Context, of: ViewOf<T>, first: T): ProgressView<T> {
  const isDrawn = context.output.live && of.kind.draw(first, EMPTY, canvasOf(context, 0)) !== null;
  return isDrawn ? new LiveView(context, of) : new PlainView(context);
}

const EMPTY = { lastLine: null, wayOut: '' };

const LOST = 'Jockey does not answer; it is looked for.';

/** Tells each line as it comes: for files, pipes and small terminals. */
class PlainView<T> implements ProgressView<T> {
  readonly hold = 20;

  constructor(private readonly context: Context) {}

  show(): void {
    // Its log says what there is to say.
  }

  line(text: string): void {
    this.context.output.progress(text);
  }

  connection(isThere: boolean): void {
    this.line(isThere ? 'Jockey is back.' : LOST);
  }

  end(): void {
    // All lines are out.
  }
}

/** How often the picture is drawn anew, in milliseconds: its seconds count, and what goes on is seen to move. */
const EVERY = 250;

/** One picture that changes in place. */
class LiveView<T extends Stated> implements ProgressView<T> {
  readonly hold = 0;
  private readonly picture: InPlace;
  private readonly timer: NodeJS.Timeout;
  private thing: T | null = null;
  private lastLine: string | null = null;
  private isLost = false;
  private tick = 0;

  constructor(
    private readonly context: Context,
    private readonly of: ViewOf<T>,
  ) {
    this.picture = new InPlace(context.world.stderr);
    this.timer = setInterval(() => this.draw(this.of.wayOut), EVERY);
  }

  show(thing: T): void {
    this.thing = thing;
    this.draw(this.of.wayOut);
  }

  line(text: string): void {
    this.lastLine = text;
    this.draw(this.of.wayOut);
  }

  connection(isThere: boolean): void {
    this.isLost = !isThere;
  }

  end(): void {
    clearInterval(this.timer);
    this.lastLine = null;
    this.isLost = false;
    this.draw('');
  }

  private draw(wayOut: string): void {
    if (this.thing === null) return;
    this.tick += 1;
    const lastLine = this.isLost ? LOST : this.lastLine;
    const lines = this.of.kind.draw(this.thing, { lastLine, wayOut }, canvasOf(this.context, this.tick)) ?? [];
    this.picture.show(lines);
  }
}

function canvasOf({ world, output }: Context, tick: number): Canvas {
  const { columns = output.columns, rows = 24 } = world.stderr;
  const paint: Canvas['paint'] = (text, how) => output.paint(safeText(text), how, 'stderr');
  return { columns, rows, signs: signsFor(world), tick, paint };
}
