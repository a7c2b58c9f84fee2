import type {Body, Expression, Signature, Statement} from './ast.js';
import type {Token} from './lexer.js';
import {ExpressionParser} from './parser.js';
import {SyntaxFault} from './syntax-error.js';
import {describe} from './token-reader.js';

/** Which statements beyond Jinja's own a template may use. */
export interface Extensions {
	readonly do: boolean;
	readonly loopControls: boolean;
}

type Reader = (start: number) => Statement | Statement[];

/** The grammar of whole templates: text, `{{ }}` and `{% %}`. */
export class TemplateParser extends ExpressionParser {
	readonly #extensions: Extensions;
	/** What the open statements wait for, innermost last. */
	readonly #waiting: (readonly string[])[] = [];
	readonly #open: string[] = [];
	readonly #blocks = new Set<string>();
	#loops = 0;

	constructor(tokens: readonly Token[], extensions: Extensions) {
		super(tokens);
		this.#extensions = extensions;
	}

	parseTemplate(): Body {
		return this.#body();
	}

	/** Statements up to one of the words `ends` (left as the current token), or to the end of the template. */
	#body(ends?: readonly string[]): Statement[] {
		const statements: Statement[] = [];
		if (ends) this.#waiting.push(ends);
		while (this.current.type !== 'eof') {
			const {type, start, value} = this.current;
			if (type === 'data') {
				const end = this.next().end;
				const last = statements.at(-1);
				if (last?.kind === 'data' && last.end === start)
					statements[statements.length - 1] = {...last, text: last.text + value, end};
				else statements.push({kind: 'data', text: value as string, start, end});
			} else if (type === 'variable_begin') {
				this.next();
				const expression = this.tuple();
				this.expect('variable_end');
				statements.push({kind: 'output', value: expression, start, end: this.previousEnd});
			} else {
				this.next();
				if (ends && this.current.type === 'name' && ends.includes(this.current.value as string)) {
					this.#waiting.pop();
					return statements;
				}
				const read = this.#statement(start);
				if (Array.isArray(read)) statements.push(...read);
				else statements.push(read);
				this.expect('block_end');
			}
		}
		if (ends) this.#failEnd(null);
		return statements;
	}

	/** The body of a statement whose head has been read; the word that ended it is consumed and given. */
	#statements(ends: readonly string[]): {body: Body; end: string} {
		this.skip(':');
		this.expect('block_end');
		const body = this.nested(() => this.#body(ends));
		return {body, end: this.next().value as string};
	}

	#statement(start: number): Statement | Statement[] {
		const token = this.current;
		if (token.type !== 'name') this.fail('tag name expected');
		const name = token.value as string;
		const reader = this.#readers[name];
		if (!reader || !Object.hasOwn(this.#readers, name) || !this.#enabled(name)) return this.#failEnd(name);
		this.#open.push(name);
		this.next();
		const result = reader(start);
		this.#open.pop();
		return result;
	}

	#enabled(name: string): boolean {
		if (name === 'do') return this.#extensions.do;
		if (name === 'break' || name === 'continue') return this.#extensions.loopControls;
		return true;
	}

	/** The error for an unknown tag, or for the end of the template inside a statement (name null). */
	#failEnd(name: string | null): never {
		const looking = this.#waiting
			.at(-1)
			?.map((end) => `'${end}'`)
			.join(' or ');
		let message = name === null ? 'Unexpected end of template.' : `Encountered unknown tag '${name}'.`;
		if (looking) {
			message +=
				name !== null && this.#waiting.some((ends) => ends.includes(name))
					? ` You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for ${looking}.`
					: ` Jinja was looking for the following tags: ${looking}.`;
		}
		const open = this.#open.at(-1);
		if (open) message += ` The innermost block that needs to be closed is '${open}'.`;
		return this.fail(message);
	}

	readonly #readers: Record<string, Reader> = {
		for: (start) => {
			const target = this.target({endsAt: 'in'});
			this.expectName('in');
			const iterable = this.tuple({withConditional: false, endsAt: 'recursive'});
			const filter = this.skipName('if') ? this.expression() : null;
			const recursive = this.skipName('recursive');
			this.#loops++;
			const {body, end} = this.#statements(['endfor', 'else']);
			this.#loops--;
			const otherwise = end === 'else' ? this.#statements(['endfor']).body : [];
			if (target.kind === 'name' && target.name === 'loop') {
				this.fail("Can't assign to special loop variable in for-loop target", target);
			}
			return {kind: 'for', target, iterable, filter, recursive, body, otherwise, start, end: this.previousEnd};
		},
		if: (start) => {
			const branches: {test: Expression; body: Body}[] = [];
			let otherwise: Body = [];
			while (true) {
				const test = this.tuple({withConditional: false});
				const {body, end} = this.#statements(['elif', 'else', 'endif']);
				branches.push({test, body});
				if (end === 'elif') continue;
				if (end === 'else') otherwise = this.#statements(['endif']).body;
				return {kind: 'if', branches, otherwise, start, end: this.previousEnd};
			}
		},
		set: (start) => {
			const target = this.target({namespaces: true});
			if (this.skip('=')) {
				const value = this.tuple();
				return {kind: 'set', target, value, start, end: this.previousEnd};
			}
			let filter: Expression | null = null;
			while (this.skip('|')) filter = this.filter(filter);
			const {body} = this.#statements(['endset']);
			return {kind: 'set-block', target, filter, body, start, end: this.previousEnd};
		},
		with: (start) => {
			const bindings: (readonly [ReturnType<TemplateParser['target']>, Expression])[] = [];
			while (this.current.type !== 'block_end') {
				if (bindings.length) this.expect(',');
				const target = this.target();
				this.expect('=');
				bindings.push([target, this.expression()]);
			}
			const {body} = this.#statements(['endwith']);
			return {kind: 'with', bindings, body, start, end: this.previousEnd};
		},
		macro: (start) => {
			const name = this.target({nameOnly: true});
			const signature = this.#signature();
			const {body} = this.#statements(['endmacro']);
			return {kind: 'macro', name: (name as {name: string}).name, signature, body, start, end: this.previousEnd};
		},
		call: (start) => {
			const signature = this.current.type === '(' ? this.#signature() : {names: [], defaults: []};
			const call = this.expression();
			if (call.kind !== 'call') this.fail('expected call', call);
			const {body} = this.#statements(['endcall']);
			return {kind: 'call-block', call, signature, body, start, end: this.previousEnd};
		},
		filter: (start) => {
			let filter = this.filter(null);
			while (this.skip('|')) filter = this.filter(filter);
			const {body} = this.#statements(['endfilter']);
			return {kind: 'filter-block', filter, body, start, end: this.previousEnd};
		},
		block: (start) => {
			const name = this.expect('name');
			const scoped = this.skipName('scoped');
			const required = this.skipName('required');
			if (this.current.type === '-') {
				this.fail(
					'Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.',
				);
			}
			if (this.#blocks.has(name.value as string)) this.fail(`block '${name.value}' defined twice`, name);
			this.#blocks.add(name.value as string);
			const {body} = this.#statements(['endblock']);
			this.skipName(name.value as string);
			if (required && body.some((one) => one.kind !== 'data' || one.text.trim() !== '')) {
				this.fail('Required blocks can only contain comments or whitespace', name);
			}
			return {kind: 'block', name: name.value as string, scoped, required, body, start, end: this.previousEnd};
		},
		extends: (start) => ({kind: 'extends', template: this.expression(), start, end: this.previousEnd}),
		include: (start) => {
			const template = this.expression();
			const ignoreMissing = this.isName('ignore') && this.isName('missing', this.look());
			if (ignoreMissing) this.at += 2;
			const withContext = this.#contextWord() ?? true;
			return {kind: 'include', template, ignoreMissing, withContext, start, end: this.previousEnd};
		},
		import: (start) => {
			const template = this.expression();
			this.expectName('as');
			const {name} = this.target({nameOnly: true}) as {name: string};
			const withContext = this.#contextWord() ?? false;
			return {kind: 'import', template, name, withContext, start, end: this.previousEnd};
		},
		from: (start) => {
			const template = this.expression();
			this.expectName('import');
			const names: (readonly [string, string])[] = [];
			let withContext: boolean | undefined;
			while (true) {
				if (names.length) this.expect(',');
				if (this.current.type !== 'name') this.expect('name');
				withContext = this.#contextWord();
				if (withContext !== undefined) break;
				const target = this.target({nameOnly: true}) as {name: string; start: number; end: number};
				if (target.name.startsWith('_')) this.fail('names starting with an underline can not be imported', target);
				names.push([target.name, this.skipName('as') ? (this.target({nameOnly: true}) as {name: string}).name : target.name]);
				withContext = this.#contextWord();
				if (withContext !== undefined || this.current.type !== ',') break;
			}
			return {kind: 'from', template, names, withContext: withContext ?? false, start, end: this.previousEnd};
		},
		print: (start) => {
			const outputs: Statement[] = [];
			while (this.current.type !== 'block_end') {
				if (outputs.length) this.expect(',');
				const value = this.expression();
				outputs.push({kind: 'output', value, start, end: this.previousEnd});
			}
			return outputs;
		},
		autoescape: (start) => {
			const value = this.expression();
			const {body} = this.#statements(['endautoescape']);
			return {kind: 'autoescape', value, body, start, end: this.previousEnd};
		},
		do: (start) => ({kind: 'do', value: this.tuple(), start, end: this.previousEnd}),
		break: (start) => this.#loopControl('break', start),
		continue: (start) => this.#loopControl('continue', start),
	};

	#loopControl(kind: 'break' | 'continue', start: number): Statement {
		if (!this.#loops) throw new SyntaxFault(`'${kind}' outside loop`, start, this.previousEnd);
		return {kind, start, end: this.previousEnd};
	}

	/** `with context`, `without context`, or neither (undefined). */
	#contextWord(): boolean | undefined {
		if (!this.isName('context', this.look()) || !(this.isName('with') || this.isName('without'))) return undefined;
		const word = this.next().value;
		this.next();
		return word === 'with';
	}

	#signature(): Signature {
		this.expect('(');
		const names: string[] = [];
		const defaults: Expression[] = [];
		while (this.current.type !== ')') {
			if (names.length) this.expect(',');
			const {name} = this.target({nameOnly: true}) as {name: string};
			if (this.skip('=')) defaults.push(this.expression());
			else if (defaults.length) this.fail(`non-default argument follows default argument, at ${describe(this.current)}`);
			names.push(name);
		}
		this.expect(')');
		return {names, defaults};
	}
}
