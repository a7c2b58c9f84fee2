import {readFileSync, statSync} from 'node:fs';
import type {ParsedKey} from 'ssh2';
import type {ConnectionSettings} from './contract.js';
import {HandshakeGate} from './handshake-gate.js';
import {type KnownHosts, parseKnownHosts} from './known-hosts.js';
import type {Agent, Identity} from './ssh-identities.js';

/** What the connections of one run share: files that are read, agents and persons that are asked once and not once for each host. */
export class RunMemory {
	readonly handshakes = new HandshakeGate();
	readonly identities = new Map<string, Promise<Identity | string>>();
	readonly agents = new Map<string, Promise<Agent | undefined>>();
	/** Keys that had a passphrase: it is asked for once, and opening one takes a tenth of a second. */
	readonly openedKeys = new Map<string, Promise<ParsedKey | string>>();
	readonly #configs = new Map<string, string>();
	readonly #knownHosts = new Map<string, {readonly version: string; readonly hosts: KnownHosts}>();

	/** The text of a configuration file. Throws what the file system throws. */
	config(file: string): string {
		const known = this.#configs.get(file) ?? readFileSync(file, 'utf8');
		this.#configs.set(file, known);
		return known;
	}

	/** A known_hosts file, which grows during a run. Throws what the file system throws. */
	knownHosts(file: string): KnownHosts {
		const {mtimeMs, size, ino} = statSync(file);
		const version = [mtimeMs, size, ino].join();
		const known = this.#knownHosts.get(file);
		if (known?.version === version) return known.hosts;
		const hosts = parseKnownHosts(readFileSync(file, 'utf8'), file);
		this.#knownHosts.set(file, {version, hosts});
		return hosts;
	}
}

const memories = new WeakMap<ConnectionSettings, RunMemory>();

/** The memory of the run that these settings are of. */
export function memoryOf(settings: ConnectionSettings): RunMemory {
	const memory = memories.get(settings) ?? new RunMemory();
	memories.set(settings, memory);
	return memory;
}

/** Gives what a map has under a key, or makes it there. */
export function once<K, V>(map: Map<K, V>, key: K, make: () => V): V {
	const known = map.get(key);
	if (known !== undefined) return known;
	const made = make();
	map.set(key, made);
	return made;
}
