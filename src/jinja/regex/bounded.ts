import {createContext, Script} from 'node:vm';
import {PythonError} from '../fault.js';
import type {Matcher, Span} from './matcher.js';

/** How long one search may take, in milliseconds. */
const timeLimit = 800;
/** Work (text lengths multiplied) that certainly ends soon. */
const harmless = 3e7;

const sandbox: {run: (() => void) | undefined} = {run: undefined};
let context: object | undefined;
let script: Script | undefined;

/** Runs what only searches, and stops it after `timeLimit`: V8 looks at its watch when an expression tracks back. Costs 0.2 ms. */
function inTime<T>(pattern: string, search: () => T): T {
	context ??= createContext(sandbox);
	script ??= new Script('run()');
	let result: T | undefined;
	sandbox.run = () => {
		result = search();
	};
	try {
		script.runInContext(context, {timeout: timeLimit});
	} catch (fault) {
		if ((fault as {code?: string}).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
			throw new PythonError('LimitError', `the regular expression '${pattern}' takes too long on this text`);
		throw fault;
	} finally {
		sandbox.run = undefined;
	}
	return result!;
}

/** An expression that cannot keep this side busy for ever: a search that may take long is stopped, with `LimitError`. */
export class BoundedRegex extends RegExp {
	readonly #pattern: string;
	readonly #degree: number;

	/** From a source, or as the copy of another with other flags (`matchAll` and `split` make one). */
	constructor(source: string | BoundedRegex, flags: string, pattern?: string, degree?: number) {
		super(source, flags);
		this.#pattern = typeof source === 'string' ? (pattern ?? source) : source.#pattern;
		this.#degree = typeof source === 'string' ? (degree ?? 0) : source.#degree;
	}
	override exec(text: string): RegExpExecArray | null {
		const work = this.#degree === Number.POSITIVE_INFINITY ? 2 ** text.length : text.length ** (this.#degree + 1);
		if (work < harmless) return super.exec(text);
		return inTime(this.#pattern, () => super.exec(text));
	}
}

/** An expression that JavaScript has no words for, with the methods of one that it has. Always global. */
export class OwnRegex extends RegExp {
	readonly #matcher: Matcher;
	readonly #names: ReadonlyMap<string, number>;

	/** From a matcher, or as the copy of another (`matchAll` makes one). */
	constructor(matcher: Matcher | OwnRegex, names: ReadonlyMap<string, number> | string) {
		super('', 'g');
		this.#matcher = matcher instanceof OwnRegex ? matcher.#matcher : matcher;
		this.#names = matcher instanceof OwnRegex ? matcher.#names : (names as ReadonlyMap<string, number>);
	}
	override exec(text: string): RegExpExecArray | null {
		const spans = this.#matcher.find(text, this.lastIndex);
		this.lastIndex = spans ? spans[0]![1] : 0;
		return spans ? this.#result(text, spans) : null;
	}
	/** The match at an offset that is not empty. */
	matchHere(text: string, at: number): RegExpExecArray | null {
		const spans = this.#matcher.findHere(text, at);
		return spans ? this.#result(text, spans) : null;
	}
	#result(text: string, spans: readonly Span[]): RegExpExecArray {
		const parts = spans.map((span) => (span ? text.slice(...span) : undefined)) as string[] as [string, ...string[]];
		const groups: Record<string, string> = Object.create(null);
		for (const [name, index] of this.#names) groups[name] = parts[index]!;
		const indices = Object.assign([...spans] as RegExpIndicesArray, {
			groups: Object.fromEntries(Array.from(this.#names, ([name, index]) => [name, spans[index] as [number, number]])),
		});
		return Object.assign(parts, {index: spans[0]![0], input: text, groups: this.#names.size ? groups : undefined, indices});
	}
}
