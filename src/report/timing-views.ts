import type {Event} from '../engine/engine.js';
import type {Streams, View} from './view.js';

/** How long the whole run took, as Ansible's callback `timer` says it. */
export class TimerView implements View {
	readonly #streams: Streams;
	#started = 0;

	constructor(streams: Streams) {
		this.#streams = streams;
	}

	handle(event: Event): void {
		if (event.type === 'run-start') this.#started = event.at;
		if (event.type !== 'run-end') return;
		const seconds = Math.floor((event.at - this.#started) / 1000);
		const part = (size: number, of: number) => Math.floor(seconds / size) % of;
		this.#streams.out(
			`Playbook run took ${Math.floor(seconds / 86_400)} days, ${part(3600, 24)} hours, ${part(60, 60)} minutes, ${seconds % 60} seconds\n`,
		);
	}
}

/** How many of the slowest tasks the profile lists. */
const listed = 20;

/** When each task began and how long the slowest took, as the callback `profile_tasks` shows it. */
export class ProfileTasksView implements View {
	readonly #streams: Streams;
	readonly #tasks: {name: string; from: number; to: number}[] = [];
	#started = 0;

	constructor(streams: Streams) {
		this.#streams = streams;
	}

	handle(event: Event): void {
		if (event.type === 'run-start') this.#started = event.at;
		else if (event.type === 'task-start') {
			this.#end(event.at);
			this.#stamp(event.at);
			this.#tasks.push({name: event.task.name, from: event.at, to: event.at});
		} else if (event.type === 'result') {
			// Hosts may be ahead of each other: a task lasts until the last of them has done it.
			const task = this.#tasks.at(-1);
			if (task) task.to = Math.max(task.to, event.at);
		} else if (event.type === 'run-end') {
			this.#end(event.at);
			this.#stamp(event.at);
			this.#list();
		}
	}

	#end(at: number): void {
		const last = this.#tasks.at(-1);
		if (last) last.to = Math.max(last.to, at);
	}

	#stamp(at: number): void {
		const last = this.#tasks.at(-1);
		const took = clock(last ? last.to - last.from : 0);
		this.#streams.out(`${padded(`${longDate(at)} (${took})       ${clock(at - this.#started)}`, '*')}\n`);
	}

	#list(): void {
		this.#streams.out(`${'='.repeat(79)} \n`);
		const slowest = [...this.#tasks].sort((a, b) => b.to - b.from - (a.to - a.from)).slice(0, listed);
		for (const {name, from, to} of slowest) this.#streams.out(`${padded(name, '-')} ${((to - from) / 1000).toFixed(2)}s\n`);
	}
}

/** Fills a line to 79 columns. */
function padded(text: string, filler: string): string {
	return `${text} ${filler.repeat(Math.max(3, 78 - text.length - (filler === '-' ? 7 : 0)))}`;
}

/** `0:00:01.234` */
function clock(milliseconds: number): string {
	const part = (size: number, of: number) => String(Math.floor(milliseconds / size) % of).padStart(2, '0');
	return `${Math.floor(milliseconds / 3_600_000)}:${part(60_000, 60)}:${part(1000, 60)}.${String(milliseconds % 1000).padStart(3, '0')}`;
}

/** `Sunday 22 November 2026  23:30:01 +0000`, in this machine's time zone. */
function longDate(at: number): string {
	const date = new Date(at);
	const name = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-GB', options).format(date);
	const minutes = -date.getTimezoneOffset();
	const two = (number: number) => String(Math.trunc(Math.abs(number))).padStart(2, '0');
	const zone = `${minutes < 0 ? '-' : '+'}${two(minutes / 60)}${two(minutes % 60)}`;
	return `${name({weekday: 'long'})} ${two(date.getDate())} ${name({month: 'long'})} ${date.getFullYear()}  ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} ${zone}`;
}
