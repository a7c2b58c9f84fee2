import type {Event} from '../engine/engine.js';
import {Board} from './board.js';
import {Section} from './section.js';
import type {View} from './view.js';

/** The terminal that is drawn on. */
export interface Screen {
	readonly color: boolean;
	/** Milliseconds since the epoch. */
	now(): number;
	columns(): number;
	rows(): number;
	/** Writes a text; line breaks included. */
	write(text: string): void;
}

/**
 * The view for a terminal: what runs is drawn by listr2, each host with its state, time and latest line; of what is finished one line stays.
 * Everything that is not a task's state (plays, failures, the recap) is written by the text view it stands in front of.
 */
export class LiveView implements View {
	readonly #text: View;
	readonly #screen: Screen;
	/** The tasks that are drawn: one, or with strategy `free` several. */
	#sections: Section[] = [];
	/** What is written once the drawing has ended. */
	#untold: Event[] = [];
	#board: Board | undefined;
	/** What goes to the screen goes there one after another. */
	#queue: Promise<unknown> = Promise.resolve();

	constructor(text: View, screen: Screen) {
		this.#text = text;
		this.#screen = screen;
	}

	handle(event: Event): void {
		switch (event.type) {
			case 'task-start':
				this.#tellFinished();
				this.#sections.push(new Section(event.task));
				this.#draw();
				break;
			case 'host-start':
				this.#section(event.task)?.start(event.host, event.at);
				break;
			case 'line':
				this.#section(event.task, event.host)?.note(event.host, event.line);
				break;
			case 'retry':
				this.#section(event.task.id, event.host)?.note(event.host, `retrying, ${event.left} left`);
				break;
			case 'item':
				this.#section(event.task.id, event.outcome.host)?.noteItem(event);
				if (event.outcome.status === 'failed') this.#untold.push(event);
				break;
			case 'result':
				this.#section(event.task.id, event.outcome.host)?.end(event.outcome);
				if (!isQuiet(event)) this.#untold.push(event);
				break;
			case 'included':
			case 'message':
			case 'notified':
				this.#untold.push(event);
				break;
			default:
				this.#untold.push(event);
				this.#tellFinished(true);
		}
	}

	/** Does something that needs the screen for itself, as a question does, and draws on then. */
	async aside<T>(work: () => Promise<T>): Promise<T> {
		this.#board?.close();
		const done = this.#queue.then(work);
		this.#queue = done.catch(() => undefined);
		if (this.#board) this.#draw();
		return done;
	}

	/** Resolves when everything that was said is on the screen. */
	async end(): Promise<void> {
		this.#tellFinished(true);
		await this.#queue;
	}

	/** The section in which a task runs; on this host, if one is named. */
	#section(task: number, host?: string): Section | undefined {
		return this.#sections.findLast((one) => one.task.id === task && (host === undefined || one.has(host)));
	}

	#draw(): void {
		const board = new Board(this.#sections, this.#screen);
		this.#board = board;
		this.#queue = this.#queue.then(() => board.run());
	}

	/** Ends the drawing and writes what is done, in the order of its coming; `all`: also what was cut short. */
	#tellFinished(all = false): void {
		this.#board?.close();
		this.#board = undefined;
		const finished = this.#sections.filter((section) => all || section.isFinished);
		this.#sections = this.#sections.filter((section) => !finished.includes(section));
		const untold = this.#untold;
		this.#untold = [];
		this.#queue = this.#queue.then(() => {
			for (const section of finished) {
				const line = section.summary(this.#screen);
				if (line !== '') this.#screen.write(`${line}\n`);
			}
			for (const event of untold) this.#text.handle(event);
		});
	}
}

/** Results whose whole story the drawing has told. */
function isQuiet({task, outcome}: Extract<Event, {type: 'result'}>): boolean {
	const {status, result, diffs} = outcome;
	return (
		(status === 'ok' || status === 'changed' || status === 'skipped') &&
		result['_ansible_verbose_always'] !== true &&
		diffs.length === 0 &&
		task.module !== 'debug'
	);
}
