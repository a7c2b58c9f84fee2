import {posix} from 'node:path';
import type {Answer, OwnFolder, Read} from '../modules/modules.js';
import {PlaceTree} from './place-tree.js';

/** One state that was read or is being read, believed until something is changed that it may rest on. */
export interface Reading {
	readonly read: Read<unknown>;
	readonly state: Promise<unknown>;
	/** Where it lies on the file system, once it is known and if that is all it rests on. */
	places?: readonly (string | OwnFolder)[] | undefined;
	/** What was changed before the answer had come: whether that touches it shows when it comes. */
	doubts?: string[];
	isAnswered?: boolean;
	/** What `state` gave. */
	answer?: unknown;
	/** The change that it was read behind, in the same shell, or that tells it: it has seen what that left. */
	readonly behind: ChangeUnderWay | undefined;
	/** The change itself tells it, if it does not fail. */
	readonly isTold?: boolean;
}

/** A change that is under way, and the readings that it will answer itself (`tell`). */
export interface ChangeUnderWay {
	readonly answers: readonly Answer[];
}

/** The readings from one viewpoint, by their keys and by where they lie: a change finds those that it may touch without looking at all. */
export class KnownReadings {
	readonly #byKey = new Map<string, Reading>();
	readonly #unanswered = new Set<string>();
	/** Those that may rest on anything. */
	readonly #anywhere = new Set<string>();
	readonly #tree = new PlaceTree<string>();

	get(key: string): Reading | undefined {
		return this.#byKey.get(key);
	}

	has(key: string): boolean {
		return this.#byKey.has(key);
	}

	set(key: string, reading: Reading): void {
		this.delete(key);
		this.#byKey.set(key, reading);
		this.#unanswered.add(key);
	}

	delete(key: string): void {
		for (const place of this.#byKey.get(key)?.places ?? []) this.#tree.remove(pathOf(place), key);
		for (const keys of [this.#byKey, this.#unanswered, this.#anywhere]) keys.delete(key);
	}

	/** Its answer has come, which tells where it lies. */
	answered(key: string, reading: Reading): void {
		if (this.#byKey.get(key) !== reading) return;
		this.#unanswered.delete(key);
		if (!reading.places) this.#anywhere.add(key);
		for (const place of reading.places ?? []) this.#tree.add(pathOf(place), key);
	}

	/** What a change in these places may touch, and what is not answered yet; without places, everything. */
	near(places: readonly string[] | undefined): [key: string, reading: Reading][] {
		if (!places) return [...this.#byKey];
		const keys = new Set([...this.#unanswered, ...this.#anywhere]);
		for (const place of places) for (const key of this.#tree.near(place)) keys.add(key);
		return [...keys].map((key) => [key, this.#byKey.get(key)!]);
	}
}

function pathOf(place: string | OwnFolder): string {
	return typeof place === 'string' ? place : place.folder;
}

/** Whether a change in one of the places may be seen in a reading. */
export function isTouched({places}: Reading, changed: readonly string[]): boolean {
	return !places || touch(changed, places);
}

/** Whether a change in one of the places may be seen from one of the others. */
export function touch(changed: readonly string[], seen: readonly (string | OwnFolder)[]): boolean {
	return changed.some((one) =>
		seen.some((other) => {
			const path = typeof other === 'string' ? other : other.folder;
			if (one === path || isBelow(path, one)) return true;
			return isBelow(one, path) && (typeof other === 'string' || (other.entries && posix.dirname(one) === path));
		}),
	);
}

function isBelow(path: string, folder: string): boolean {
	return path.startsWith(folder) && (path[folder.length] === '/' || folder.endsWith('/'));
}
