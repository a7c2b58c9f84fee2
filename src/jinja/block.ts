import {Printable} from './environment.js';
import {PythonError} from './fault.js';
import {joinPieces} from './join.js';
import {maximumDepth, spendCall} from './limits.js';
import {type Block, type Context, Frame, undefinedValue} from './run.js';
import type {Callable, Value} from './value.js';

const nowhere = {start: 0, end: 0};

/** A block at one level of inheritance: what `self.name()` and `super()` call. */
export class BlockReference extends Printable implements Callable {
	readonly pythonType = 'BlockReference';
	readonly callableName: string;
	readonly #context: Context;
	readonly #level: number;
	readonly #around: Frame | undefined;

	constructor(context: Context, name: string, level: number, around?: Frame) {
		super();
		this.callableName = name;
		this.#context = context;
		this.#level = level;
		this.#around = around;
	}
	get #block(): Block | undefined {
		return this.#context.blocks.get(this.callableName)?.[this.#level];
	}
	get exists(): boolean {
		return this.#block !== undefined;
	}
	override attribute(name: string): Value | undefined {
		if (name !== 'super') return undefined;
		const next = new BlockReference(this.#context, this.callableName, this.#level + 1, this.#around);
		return next.exists ? next : undefined;
	}
	render(out: Value[]): void {
		const block = this.#block;
		if (!block) throw new PythonError('TemplateRuntimeError', `there is no block named '${this.callableName}'`);
		if (block.required) throw new PythonError('TemplateRuntimeError', `Required block '${this.callableName}' not found`);
		const {operation} = this.#context.store;
		spendCall(0);
		if (operation.depth > maximumDepth) throw new RangeError('blocks are nested too deeply');
		const parent = this.#around ?? new Frame(this.#context, undefined);
		const frame = new Frame(this.#context, parent, parent.unit, false);
		const above = new BlockReference(this.#context, this.callableName, this.#level + 1, this.#around);
		frame.define(
			'super',
			above.exists ? above : undefinedValue(frame, `there is no parent block called '${this.callableName}'.`, nowhere, 'super'),
		);
		frame.define('self', new SelfReference(this.#context));
		operation.depth++;
		try {
			block.render(frame, out);
		} finally {
			operation.depth--;
		}
	}
	pieces(): readonly Value[] {
		const out: Value[] = [];
		this.render(out);
		return out;
	}
	call(): Value {
		return joinPieces(this.pieces(), this.#context.environment, this.#context.environment.autoescape);
	}
}

/** The variable `self`: the template's blocks by name. */
export class SelfReference extends Printable {
	readonly pythonType = 'TemplateReference';
	readonly #context: Context;
	constructor(context: Context) {
		super();
		this.#context = context;
	}
	override attribute(name: string): Value | undefined {
		const block = new BlockReference(this.#context, name, 0);
		return block.exists ? block : undefined;
	}
	pieces(): readonly Value[] {
		return ['<TemplateReference None>'];
	}
}
