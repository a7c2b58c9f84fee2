import {type DefaultRenderer, Listr, type ListrTaskWrapper, type SimpleRenderer} from 'listr2';
import type {Event, HostOutcome, TaskFacts} from '../engine/engine.js';
import {pythonStr} from '../jinja/jinja.js';
import {paint, type Tone} from './color.js';
import type {View} from './view.js';

type Wrapper = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

/** One host on the board of the running task. */
interface Row {
	/** Milliseconds since the epoch. */
	readonly since: number;
	outcome?: HostOutcome;
	/** The latest line of a long command, or what the host waits for. */
	note?: string;
}

const tones: Readonly<Record<string, Tone>> = {
	ok: 'ok',
	changed: 'changed',
	failed: 'error',
	unreachable: 'unreachable',
	skipped: 'skip',
};

/**
 * The view for a terminal: the running task with each host's state, time and latest line, drawn by listr2; what is finished stays above
 * it. Everything that is not a task's state (plays, failures, the recap) is written by the text view it stands in front of.
 */
export class LiveView implements View {
	readonly #text: View;
	readonly #color: boolean;
	readonly #now: () => number;
	#board: Board | undefined;
	#queue: Promise<unknown> = Promise.resolve();

	constructor(text: View, options: {color: boolean; now: () => number}) {
		this.#text = text;
		this.#color = options.color;
		this.#now = options.now;
	}

	handle(event: Event): void {
		switch (event.type) {
			case 'task-start':
				this.#finish();
				this.#begin(event.task);
				break;
			case 'host-start':
				this.#board?.start(event.host, event.at);
				break;
			case 'line':
				this.#board?.note(event.host, event.line);
				break;
			case 'retry':
				this.#board?.note(event.host, `retrying, ${event.left} left`);
				break;
			case 'item':
				this.#board?.note(event.outcome.host, `item ${pythonStr(event.label)}: ${event.outcome.status}`);
				if (event.outcome.status === 'failed') this.#later(event);
				break;
			case 'result':
				this.#board?.end(event.outcome);
				if (!isQuiet(event.task, event.outcome)) this.#later(event);
				break;
			default:
				if (event.type !== 'included' && event.type !== 'message' && event.type !== 'notified') this.#finish();
				this.#later(event);
		}
	}

	/** Resolves when everything that was said is on the screen. */
	async end(): Promise<void> {
		this.#finish();
		await this.#queue;
	}

	#begin(task: TaskFacts): void {
		const board = new Board(task, this.#color, this.#now);
		this.#board = board;
		this.#queue = this.#queue.then(() => board.run());
	}

	#finish(): void {
		this.#board?.close();
		this.#board = undefined;
	}

	/** Writes an event as text once the board above it is done. */
	#later(event: Event): void {
		this.#queue = this.#queue.then(() => this.#text.handle(event));
	}
}

/** Results whose whole story the board has told. */
function isQuiet(task: TaskFacts, {status, result, diffs}: HostOutcome): boolean {
	return (
		(status === 'ok' || status === 'changed' || status === 'skipped') &&
		result['_ansible_verbose_always'] !== true &&
		diffs.length === 0 &&
		task.module !== 'debug'
	);
}

/** The running task and its hosts. */
class Board {
	readonly #task: TaskFacts;
	readonly #color: boolean;
	readonly #now: () => number;
	readonly #rows = new Map<string, Row>();
	#close: () => void = () => {};
	readonly #closed = new Promise<void>((resolve) => {
		this.#close = resolve;
	});

	constructor(task: TaskFacts, color: boolean, now: () => number) {
		this.#task = task;
		this.#color = color;
		this.#now = now;
	}

	start(host: string, at: number): void {
		this.#rows.set(host, {since: at});
	}
	note(host: string, text: string): void {
		const row = this.#rows.get(host);
		if (row) row.note = text;
	}
	end(outcome: HostOutcome): void {
		const row = this.#rows.get(outcome.host) ?? {since: this.#now()};
		row.outcome = outcome;
		this.#rows.set(outcome.host, row);
	}
	close(): void {
		this.#close();
	}

	async run(): Promise<void> {
		const list = new Listr(
			[
				{
					title: this.#title(),
					task: (_context, wrapper) => this.#draw(wrapper as Wrapper),
					rendererOptions: {persistentOutput: true},
				},
			],
			{
				exitOnError: false,
				registerSignalListeners: false,
				rendererOptions: {collapseSubtasks: false, formatOutput: 'truncate'},
				forceUnicode: true,
			},
		);
		await list.run();
	}

	async #draw(wrapper: Wrapper): Promise<void> {
		const draw = () => {
			wrapper.output = this.#lines().join('\n');
		};
		draw();
		const timer = setInterval(draw, 200);
		await this.#closed;
		clearInterval(timer);
		draw();
	}

	#title(): string {
		return `${this.#task.handler ? 'HANDLER ' : ''}${this.#task.name}`;
	}

	#lines(): string[] {
		return [...this.#rows].map(([host, {since, outcome, note}]) => {
			const seconds = ((outcome ? outcome.duration : this.#now() - since) / 1000).toFixed(1);
			const state = outcome
				? paint(outcome.ignored ? 'ignored' : outcome.status, tones[outcome.status]!, this.#color)
				: 'running';
			return `${host.padEnd(20)} ${state} ${seconds} s${!outcome && note ? `  ${note}` : ''}`;
		});
	}
}
