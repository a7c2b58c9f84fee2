import type {Event, HostOutcome, TaskFacts} from '../engine/engine.js';
import {pythonStr} from '../jinja/jinja.js';
import {paint, type Tone} from './color.js';

/** One host of a task. */
interface Row {
	/** Milliseconds since the epoch. */
	readonly since: number;
	outcome?: HostOutcome;
	/** The latest line of a long command, or what the host waits for. */
	note?: string;
}

/** In the order in which a summary names them. */
const tones: Readonly<Record<string, Tone>> = {
	changed: 'changed',
	ok: 'ok',
	skipped: 'skip',
	unknown: 'skip',
	ignored: 'skip',
	failed: 'error',
	unreachable: 'unreachable',
};

/** What is shorter is not worth telling, in milliseconds. */
const WORTH_TELLING = 500;

/** One task as a terminal shows it: its hosts while it runs, one line when it is done. */
export class Section {
	readonly task: TaskFacts;
	readonly #rows = new Map<string, Row>();

	constructor(task: TaskFacts) {
		this.task = task;
	}

	get title(): string {
		return `${this.task.handler ? 'HANDLER ' : ''}${this.task.name}`;
	}
	/** No host does it any more. */
	get isFinished(): boolean {
		return [...this.#rows.values()].every(({outcome}) => outcome !== undefined);
	}

	has(host: string): boolean {
		return this.#rows.has(host);
	}
	start(host: string, at: number): void {
		this.#rows.set(host, {since: at});
	}
	note(host: string, text: string): void {
		this.#rows.get(host)!.note = text;
	}
	noteItem({outcome, label}: Extract<Event, {type: 'item'}>): void {
		this.note(outcome.host, `item ${pythonStr(label)}: ${outcome.status}`);
	}
	end(outcome: HostOutcome): void {
		this.#rows.get(outcome.host)!.outcome = outcome;
	}

	/** A line a host, those that still do it last, so that they stay in sight; `prefix` stands behind the host's name. */
	lines({color, now}: {color: boolean; now(): number}, prefix = ''): string[] {
		const rows = [...this.#rows].sort(([, a], [, b]) => Number(!a.outcome) - Number(!b.outcome));
		return rows.map(([host, {since, outcome, note}]) => {
			const seconds = ((outcome ? outcome.duration : now() - since) / 1000).toFixed(1);
			const state = outcome ? paint(stateOf(outcome), tones[stateOf(outcome)]!, color) : 'running';
			return `${host.padEnd(16)} ${prefix}${state} ${seconds} s${!outcome && note ? `  ${note}` : ''}`;
		});
	}

	/** What stays of it: who did what; nothing where no host had anything to do with it. */
	summary({color, columns}: {color: boolean; columns(): number}): string {
		const outcomes = [...this.#rows.values()].flatMap(({outcome}) => (outcome ? [outcome] : []));
		if (outcomes.length === 0) return '';
		const groups = Object.keys(tones)
			.map((state) => ({state, hosts: outcomes.filter((one) => stateOf(one) === state).map(({host}) => host)}))
			.filter(({hosts}) => hosts.length > 0);
		const [mark, tone]: [string, Tone] = groups.some(({state}) => state === 'failed' || state === 'unreachable')
			? ['✖', 'error']
			: groups.every(({state}) => state === 'skipped')
				? ['-', 'skip']
				: ['✔', 'ok'];
		const longest = Math.max(...outcomes.map(({duration}) => duration));
		const time = longest >= WORTH_TELLING ? `  ${(longest / 1000).toFixed(1)} s` : '';
		const named = groups.map(({state, hosts}) => ({state, text: `${state} ${hosts.join(' ')}`}));
		const counted = groups.map(({state, hosts}) => ({state, text: `${state} ${hosts.length}`}));
		const widthOf = (texts: typeof named) => texts.reduce((sum, {text}) => sum + text.length + 2, 0) + time.length + 2;
		const room = columns() - 1;
		const told = this.title.length + widthOf(named) <= room ? named : counted;
		const title = shortened(this.title, Math.max(20, room - widthOf(told)));
		const states = told.map(({state, text}) => `  ${paint(text, tones[state]!, color)}`).join('');
		return `${paint(mark, tone, color)} ${title}${states}${time}`;
	}
}

function stateOf({status, ignored, unknown}: HostOutcome): string {
	if (unknown !== undefined) return 'unknown';
	return ignored ? 'ignored' : status;
}

function shortened(text: string, length: number): string {
	return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
