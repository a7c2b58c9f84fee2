import type {Event} from '../engine/engine.js';
import {toJson, type Value} from '../jinja/jinja.js';
import type {View} from './view.js';

/** One event as one line of JSON, for programs (`--json`). */
export class JsonView implements View {
	readonly #write: (text: string) => void;

	constructor(write: (text: string) => void) {
		this.#write = write;
	}

	handle(event: Event): void {
		this.#write(
			`${JSON.stringify(event, (_key, value: unknown) => (isPlain(value) ? value : JSON.parse(toJson(value as Value))))}\n`,
		);
	}
}

function isPlain(value: unknown): boolean {
	return value === null || typeof value !== 'object' || Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}
