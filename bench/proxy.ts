import {type ChildProcess, fork} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import type {Counts} from './delaying.js';
import type {Setting} from './scenario.js';

/** The proxy in front of the hosts (bench/proxy-process.ts), a process of its own so that it delays nothing but what it should. */
export class DelayingProxy {
	readonly #child: ChildProcess;

	private constructor(child: ChildProcess) {
		this.#child = child;
	}

	static async start({hosts, roundTrip}: Setting): Promise<DelayingProxy> {
		const child = fork(join(import.meta.dirname, 'proxy-process.ts'), [String(hosts), String(roundTrip)]);
		await once(child, 'message');
		return new DelayingProxy(child);
	}

	/** What went through since the last time it was asked, over all hosts. */
	async counts(): Promise<Counts> {
		this.#child.send('counts');
		const [counts] = await once(this.#child, 'message');
		return counts as Counts;
	}

	stop(): void {
		this.#child.kill();
	}
}
