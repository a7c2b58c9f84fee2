import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {cpus, loadavg, release, totalmem} from 'node:os';
import type {State} from './scenario.js';

/** What a tool needed for a work: the best of its runs in each respect. */
export interface Figures {
	/** Seconds. */
	readonly wall: number;
	/** Seconds of processor time on the controller. */
	readonly cpu: number;
	/** Bytes. */
	readonly memory: number;
	/** Bytes on the wire and round trips, of one host; only where the proxy stands between. */
	readonly bytes?: number;
	readonly roundTrips?: number;
	/** Why there are no figures. */
	readonly failed?: string;
	/** It was ended: its wall time is more than `wall`. */
	readonly ended?: true;
}

export interface Row extends Figures {
	readonly scenario: string;
	readonly state: State;
	readonly hosts: number;
	/** Of each host, a loop's items counted. */
	readonly tasks: number;
	/** Milliseconds. */
	readonly roundTrip: number;
	readonly tool: string;
	readonly runs: number;
	/** What it left on the hosts otherwise than Playbill. */
	readonly differs?: string;
}

/** One measurement of a scenario, with what must be known to judge it. */
export interface Section {
	/** The day, ISO 8601. */
	readonly at: string;
	readonly machine: string;
	/** The machine's load per core before anything was measured: 0 when nothing else ran. */
	readonly load: number;
	/** By tool. */
	readonly versions: Readonly<Record<string, string>>;
	readonly rows: readonly Row[];
}

/** By scenario: each is measured for itself, and the others stay. */
export type Results = Readonly<Record<string, Section>>;

export function readResults(path: string): Results {
	return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Results) : {};
}

export function writeResults(path: string, results: Results): void {
	const rounded = (_key: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value);
	writeFileSync(path, `${JSON.stringify(results, rounded, '\t')}\n`);
}

/** The machine in a line. */
export function machine(): string {
	const processors = cpus();
	const gigabytes = Math.round(totalmem() / 2 ** 30);
	return `${processors.length} cores (${processors[0]?.model.trim() ?? 'unknown'}), ${gigabytes} GB, Linux ${release().split('.').slice(0, 2).join('.')}, Node ${process.versions.node}`;
}

export function load(): number {
	return loadavg()[0]! / cpus().length;
}
