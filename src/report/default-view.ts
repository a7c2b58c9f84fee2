import type {Event, HostCounts, HostOutcome, TaskFacts} from '../engine/engine.js';
import {pythonStr, type Value} from '../jinja/jinja.js';
import {paint, type Tone} from './color.js';
import {dumpResult} from './dump.js';
import {RepeatedFaults} from './repeated-faults.js';
import {unifiedDiff} from './unified-diff.js';
import type {Streams, View, ViewOptions} from './view.js';

/** Ansible's default output, line by line, to the letter where scripts grep it (ansible/plugins/callback/default.py). */
export class DefaultView implements View {
	readonly #streams: Streams;
	readonly #options: ViewOptions;
	#bannerOf = -1;
	/** Whether the hosts of the play do one task together, so that it can be announced before its first result. */
	#inStep = true;
	readonly #faults: RepeatedFaults;
	readonly #warned = new Set<string>();

	constructor(streams: Streams, options: ViewOptions) {
		this.#streams = streams;
		this.#options = options;
		this.#faults = new RepeatedFaults(options.namesHosts);
	}

	handle(event: Event): void {
		switch (event.type) {
			case 'playbook-start':
				if (this.#options.verbosity > 1) {
					this.#banner(`PLAYBOOK: ${event.path.replace(/^.*\//, '')}`);
					this.#line(`${event.plays} plays in ${event.path}`, 'verbose');
				}
				break;
			case 'run-start':
				if (event.check && this.#options.checkMarkers) this.#banner('DRY RUN');
				break;
			case 'play-start':
				this.#inStep = event.inStep;
				this.#banner(
					`PLAY${event.name ? ` [${event.name}]` : ''}${event.check && this.#options.checkMarkers ? ' [CHECK MODE]' : ''}`,
				);
				break;
			case 'no-hosts-matched':
				this.#line('skipping: no hosts matched', 'skip');
				break;
			case 'no-hosts-remaining':
				this.#banner('NO MORE HOSTS LEFT');
				break;
			case 'task-start':
				if (this.#inStep && this.#options.showSkipped && this.#options.showOk) this.#taskBanner(event.task);
				break;
			case 'item':
				this.#item(event.task, event.outcome, event.label);
				break;
			case 'result':
				this.#result(event.task, event.outcome);
				break;
			case 'retry': {
				const verbose = this.#options.verbosity > 2 ? `Result was: ${dumpResult(event.result, this.#options)}` : '';
				this.#line(`FAILED - RETRYING: [${event.host}]: ${event.task.name} (${event.left} retries left).${verbose}`, 'debug');
				break;
			}
			case 'included': {
				if (!this.#options.showIncluded) break;
				const label = event.label === undefined || event.label === null ? '' : ` => (item=${pythonStr(event.label)})`;
				this.#line(`included: ${event.file} for ${event.hosts.join(', ')}${label}`, 'skip');
				break;
			}
			case 'notified':
				if (this.#options.verbosity > 1) this.#line(`NOTIFIED HANDLER ${event.handler} for ${event.host}`, 'verbose');
				break;
			case 'message':
				if (this.#options.verbosity >= event.verbosity) this.#line(event.text, event.verbosity > 0 ? 'verbose' : 'ok');
				break;
			case 'warning':
				if (event.diagnostic) this.#streams.err(`${this.#options.renderFault(event.diagnostic).replace(/\n$/, '')}\n`);
				else this.#error(`[WARNING]: ${event.text}`, 'warning');
				break;
			case 'deprecation':
				this.#error(`[DEPRECATION WARNING]: ${event.text}`, 'deprecation');
				break;
			case 'playbook-end':
				this.#recap(event.hosts, event.check);
				break;
			case 'run-end':
			case 'host-start':
			case 'line':
				break;
		}
	}

	#result(task: TaskFacts, outcome: HostOutcome): void {
		const {status, ignored} = outcome;
		if ((status === 'skipped' && !this.#options.showSkipped) || (status === 'ok' && !this.#options.showOk && !outcome.unknown))
			return;
		this.#diffs(task, outcome);
		this.#taskBanner(task);
		for (const warning of outcome.warnings ?? []) this.#error(`[WARNING]: ${warning}`, 'warning');
		this.#fault(outcome);
		if (status === 'unreachable') {
			this.#failure(`fatal: [${label(outcome)}]: UNREACHABLE! => ${dumpResult(outcome.result, this.#options)}`, 'unreachable');
		} else if (status === 'failed') {
			// What is left of a loop of `debug` has no items, so Ansible's callback tells of the whole.
			if (!task.loops || task.module === 'debug')
				this.#failure(`fatal: [${label(outcome)}]: FAILED! => ${this.#dump(task, outcome)}`, 'error');
		} else if (outcome.unknown !== undefined && this.#options.showUnknown) {
			this.#line(`unknown: [${label(outcome)}] => (${outcome.unknown})`, 'skip');
		} else if (status === 'skipped') {
			this.#line(`skipping: [${outcome.host}]${this.#details(task, outcome)}`, 'skip');
		} else if (!task.loops) {
			this.#line(`${status}: [${label(outcome)}]${this.#details(task, outcome)}`, status === 'changed' ? 'changed' : 'ok');
		}
		if (ignored) this.#line('...ignoring', 'skip');
	}

	#item(task: TaskFacts, outcome: HostOutcome, itemLabel: Value): void {
		const {status} = outcome;
		if ((status === 'skipped' && !this.#options.showSkipped) || (status === 'ok' && !this.#options.showOk)) return;
		this.#diffs(task, outcome);
		this.#taskBanner(task);
		this.#fault(outcome);
		const item = pythonStr(itemLabel);
		if (status === 'failed' || status === 'unreachable') {
			this.#failure(`failed: [${label(outcome)}] (item=${item}) => ${this.#dump(task, outcome)}`, 'error');
		} else if (status === 'skipped') {
			this.#line(`skipping: [${outcome.host}] => (item=${item}) ${this.#details(task, outcome)}`, 'skip');
		} else {
			this.#line(
				`${status}: [${label(outcome)}] => (item=${item})${this.#details(task, outcome)}`,
				status === 'changed' ? 'changed' : 'ok',
			);
		}
	}

	#details(task: TaskFacts, outcome: HostOutcome): string {
		const verbose = this.#options.verbosity > 0 || outcome.result['_ansible_verbose_always'] === true;
		return verbose && outcome.result['_ansible_verbose_override'] !== true ? ` => ${this.#dump(task, outcome)}` : '';
	}

	#dump(task: TaskFacts, outcome: HostOutcome): string {
		const indented = outcome.result['_ansible_verbose_always'] === true;
		return dumpResult(task.module === 'debug' ? debugOnly(outcome.result) : outcome.result, this.#options, {indented});
	}

	/** The place of a failure in the user's text; the same fault is told once, with the names of the further hosts behind their results. */
	#fault({host, fault}: HostOutcome): void {
		const text = fault && this.#options.renderFault(fault);
		if (text && this.#faults.isNew(text, host)) this.#failure(text.replace(/\n$/, ''));
	}

	#diffs(task: TaskFacts, outcome: HostOutcome): void {
		if (!this.#options.showDiffs || outcome.status !== 'changed') return;
		for (const diff of outcome.diffs) {
			const headers = {
				before: diff.beforeHeader ? `before: ${diff.beforeHeader}` : 'before',
				after: diff.afterHeader ? `after: ${diff.afterHeader}` : 'after',
			};
			const lines = unifiedDiff(diff.before, diff.after, headers, this.#options.diffContext);
			if (lines.length === 0) continue;
			this.#taskBanner(task);
			this.#streams.out(`${lines.map((line) => this.#diffLine(line)).join('')}\n`);
		}
	}

	#diffLine(line: string): string {
		const tone: Tone | undefined = line.startsWith('+')
			? 'added'
			: line.startsWith('-')
				? 'removed'
				: line.startsWith('@@')
					? 'lines'
					: undefined;
		return tone ? `${paint(line.slice(0, -1), tone, this.#options.color)}\n` : line;
	}

	#recap(hosts: Readonly<Record<string, HostCounts>>, check: boolean): void {
		this.#banner('PLAY RECAP');
		for (const host of Object.keys(hosts).sort()) {
			const counts = hosts[host]!;
			const tone: Tone = counts.failed || counts.unreachable ? 'error' : counts.changed ? 'changed' : 'ok';
			const name = this.#options.color ? paint(host, tone, true).padEnd(37) : host.padEnd(26);
			const columns = (Object.keys(recapTones) as (keyof HostCounts)[]).filter(
				(column) => column !== 'unknown' || this.#options.showUnknown,
			);
			const cells = columns.map((column) => {
				const cell = `${column}=${String(counts[column]).padEnd(4)}`;
				return counts[column] ? paint(cell, recapTones[column], this.#options.color) : cell;
			});
			this.#streams.out(`${name} : ${cells.join(' ')}\n`);
		}
		this.#streams.out('\n');
		if (check && this.#options.checkMarkers) this.#banner('DRY RUN');
	}

	#taskBanner(task: TaskFacts): void {
		if (this.#bannerOf === task.id || !this.#options.showTasks) return;
		this.#bannerOf = task.id;
		const mark = task.check && this.#options.checkMarkers ? ' [CHECK MODE]' : '';
		this.#banner(`${task.handler ? 'RUNNING HANDLER' : 'TASK'} [${task.name}]${mark}`);
		if (this.#options.verbosity >= 2) this.#line(`task path: ${task.path}`, 'debug');
	}

	#banner(text: string): void {
		for (const note of this.#faults.notes()) this.#failure(note);
		this.#streams.out(`\n${text} ${'*'.repeat(Math.max(3, this.#options.columns - text.length))}\n`);
		if (!text.startsWith('TASK') && !text.startsWith('RUNNING')) this.#bannerOf = -1;
	}

	#line(text: string, tone: Tone): void {
		this.#streams.out(`${paint(text, tone, this.#options.color)}\n`);
	}

	#failure(text: string, tone?: Tone): void {
		const line = `${tone ? paint(text, tone, this.#options.color) : text}\n`;
		if (this.#options.failedToStderr) this.#streams.err(line);
		else this.#streams.out(line);
	}

	/** Warnings are told once, whichever host or play they come from. */
	#error(text: string, tone: Tone): void {
		if (this.#warned.has(text)) return;
		this.#warned.add(text);
		this.#streams.err(`${paint(text.trimEnd(), tone, this.#options.color)}\n`);
	}
}

const recapTones: Readonly<Record<keyof HostCounts, Tone>> = {
	ok: 'ok',
	changed: 'changed',
	unreachable: 'unreachable',
	failed: 'error',
	skipped: 'skip',
	rescued: 'ok',
	ignored: 'warning',
	unknown: 'skip',
};

/** `host`, or `host -> delegate`, with the delegate's address where that is not its name. */
function label({host, delegate, delegateAddress}: HostOutcome): string {
	if (!delegate || delegate === host) return host;
	return `${host} -> ${delegate}${delegateAddress && delegateAddress !== delegate ? `(${delegateAddress})` : ''}`;
}

/** `debug` shows only what it was meant to. */
function debugOnly(result: HostOutcome['result']): HostOutcome['result'] {
	const kept = 'msg' in result ? ['msg', 'exception', 'warnings', 'deprecations'] : undefined;
	const ofLoop = ['ansible_loop_var', 'ansible_index_var', 'ansible_loop'];
	const hidden = ['changed', 'failed', 'skipped', 'invocation', 'skip_reason', ...ofLoop];
	return Object.fromEntries(
		Object.entries(result).filter(([key]) => key.startsWith('_ansible_') || (kept ? kept.includes(key) : !hidden.includes(key))),
	);
}
