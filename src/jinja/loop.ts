import {PythonError, typeError} from './fault.js';
import {pythonEquals} from './python/compare.js';
import {type Callable, Internal, type Value} from './value.js';

/** The variable `loop` of a `for`. */
export class LoopContext extends Internal implements Callable {
	readonly pythonType = 'LoopContext';
	readonly callableName = 'loop';
	readonly #items: readonly Value[];
	readonly #depth: number;
	#last: readonly Value[] | undefined;
	/** The current turn, from 0. */
	index = 0;
	/** Runs the loop again over children (`recursive` only). */
	recurse: ((children: Value) => Value) | undefined;

	constructor(items: readonly Value[], depth: number) {
		super();
		this.#items = items;
		this.#depth = depth;
	}
	override attribute(name: string): Value | undefined {
		const length = this.#items.length;
		switch (name) {
			case 'index':
				return this.index + 1;
			case 'index0':
				return this.index;
			case 'revindex':
				return length - this.index;
			case 'revindex0':
				return length - this.index - 1;
			case 'first':
				return this.index === 0;
			case 'last':
				return this.index === length - 1;
			case 'length':
				return length;
			case 'depth':
				return this.#depth + 1;
			case 'depth0':
				return this.#depth;
			case 'previtem':
				return this.index > 0 ? this.#items[this.index - 1] : undefined;
			case 'nextitem':
				return this.#items[this.index + 1];
			case 'cycle':
				return {
					callableName: name,
					call: (values) => {
						if (!values.length) throw typeError('no items for cycling given');
						return values[this.index % values.length]!;
					},
				};
			case 'changed':
				return {callableName: name, call: (values) => this.#changed(values)};
			default:
				return undefined;
		}
	}
	#changed(values: readonly Value[]): boolean {
		const last = this.#last;
		this.#last = values;
		return !last || last.length !== values.length || values.some((value, index) => !pythonEquals(value, last[index]!));
	}
	call(positional: readonly Value[]): Value {
		if (!this.recurse) throw new PythonError('TypeError', "The loop must have the 'recursive' marker to be called recursively.");
		return this.recurse(positional[0] ?? []);
	}
	override toString(): string {
		return `<LoopContext ${this.index + 1}/${this.#items.length}>`;
	}
}
