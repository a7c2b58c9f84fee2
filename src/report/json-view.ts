import type {Event} from '../engine/engine.js';
import {toJson, type Value} from '../jinja/jinja.js';
import {formatSpan, SourceFile, type Span} from '../source/source.js';
import type {View} from './view.js';

/** One event as one line of JSON, for programs (`--json`). */
export class JsonView implements View {
	readonly #write: (text: string) => void;

	constructor(write: (text: string) => void) {
		this.#write = write;
	}

	handle(event: Event): void {
		this.#write(`${JSON.stringify(event, (_key, value: unknown) => jsonOf(value))}\n`);
	}
}

/** Values as JSON has them; a place in a file is `path:line:column`. */
function jsonOf(value: unknown): unknown {
	if (isSpan(value)) return formatSpan(value);
	return isPlain(value) ? value : JSON.parse(toJson(value as Value));
}

function isSpan(value: unknown): value is Span {
	return typeof value === 'object' && value !== null && 'file' in value && value.file instanceof SourceFile;
}

function isPlain(value: unknown): boolean {
	return value === null || typeof value !== 'object' || Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}
