/*
 * Longer than other files because it is one grammar: the levels call each other in a circle, and it is read beside Jinja's own parser, level by
 * level. Statements are in statement-parser.ts, what all rules read by in token-reader.ts.
 */

import type {Arguments, BinaryOperator, CompareOperator, Expression, Target} from './ast.js';
import type {Token} from './lexer.js';
import {describe, TokenReader} from './token-reader.js';
import type {Value} from './value.js';

const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=']);
const literals = new Map<string, Value>([
	['true', true],
	['True', true],
	['false', false],
	['False', false],
	['none', null],
	['None', null],
]);
export const noArguments: Arguments = {positional: [], named: [], rest: null, namedRest: null};

/** The grammar of expressions, level by level as in Jinja's own parser (each level names the operators it reads). */
export class ExpressionParser extends TokenReader {
	/** The whole source as one expression. */
	parseWhole(): Expression {
		const value = this.expression();
		if (this.current.type !== 'eof') this.fail(`expected end of expression, got ${describe(this.current)}`);
		return value;
	}

	/** The whole source as a literal, which may have spaces around it. */
	parseLiteral(): Expression {
		return this.parseWhole();
	}

	expression(withConditional = true): Expression {
		return this.nested(() => (withConditional ? this.conditional() : this.or()));
	}

	/** `a if b else c` */
	protected conditional(): Expression {
		let value = this.or();
		while (this.skipName('if')) {
			const test = this.or();
			const otherwise = this.skipName('else') ? this.nested(() => this.conditional()) : null;
			value = {kind: 'conditional', test, value, otherwise, start: value.start, end: this.previousEnd};
		}
		return value;
	}

	protected or(): Expression {
		let left = this.and();
		while (this.skipName('or')) {
			const right = this.and();
			left = {kind: 'logic', operator: 'or', left, right, start: left.start, end: right.end};
		}
		return left;
	}

	protected and(): Expression {
		let left = this.not();
		while (this.skipName('and')) {
			const right = this.not();
			left = {kind: 'logic', operator: 'and', left, right, start: left.start, end: right.end};
		}
		return left;
	}

	protected not(): Expression {
		if (!this.isName('not')) return this.comparison();
		const {start} = this.next();
		const value = this.nested(() => this.not());
		return {kind: 'unary', operator: 'not', value, start, end: value.end};
	}

	protected comparison(): Expression {
		const first = this.sum();
		const rest: {operator: CompareOperator; value: Expression}[] = [];
		while (true) {
			if (comparisons.has(this.current.type)) rest.push({operator: this.next().type as CompareOperator, value: this.sum()});
			else if (this.skipName('in')) rest.push({operator: 'in', value: this.sum()});
			else if (this.isName('not') && this.isName('in', this.look())) {
				this.at += 2;
				rest.push({operator: 'not in', value: this.sum()});
			} else break;
		}
		return rest.length ? {kind: 'compare', first, rest, start: first.start, end: this.previousEnd} : first;
	}

	/** `+ -` */
	protected sum(): Expression {
		let left = this.concat();
		while (this.current.type === '+' || this.current.type === '-') {
			const operator = this.next().type as BinaryOperator;
			const right = this.concat();
			left = {kind: 'binary', operator, left, right, start: left.start, end: right.end};
		}
		return left;
	}

	/** `~` */
	protected concat(): Expression {
		const items = [this.product()];
		while (this.skip('~')) items.push(this.product());
		return items.length === 1 ? items[0]! : {kind: 'concat', items, start: items[0]!.start, end: this.previousEnd};
	}

	/** `* / // %` */
	protected product(): Expression {
		let left = this.power();
		while (['*', '/', '//', '%'].includes(this.current.type)) {
			const operator = this.next().type as BinaryOperator;
			const right = this.power();
			left = {kind: 'binary', operator, left, right, start: left.start, end: right.end};
		}
		return left;
	}

	/** `**`, which binds to the left here, unlike in Python. */
	protected power(): Expression {
		let left = this.unary();
		while (this.skip('**')) {
			const right = this.unary();
			left = {kind: 'binary', operator: '**', left, right, start: left.start, end: right.end};
		}
		return left;
	}

	protected unary(withFilter = true): Expression {
		const {type, start} = this.current;
		let value: Expression;
		if (type === '-' || type === '+') {
			this.next();
			const operand = this.nested(() => this.unary(false));
			value = {kind: 'unary', operator: type, value: operand, start, end: operand.end};
		} else value = this.primary();
		value = this.postfix(value);
		return withFilter ? this.filters(value) : value;
	}

	protected primary(): Expression {
		const token = this.current;
		const {start, end} = token;
		switch (token.type) {
			case 'name': {
				this.next();
				const literal = literals.get(token.value as string);
				if (literal !== undefined) return {kind: 'constant', value: literal, start, end};
				return {kind: 'name', name: token.value as string, start, end};
			}
			case 'string': {
				let text = '';
				while (this.current.type === 'string') text += this.next().value;
				return {kind: 'constant', value: text, start, end: this.previousEnd};
			}
			case 'integer':
			case 'float':
				this.next();
				return {kind: 'constant', value: token.value, start, end};
			case '(': {
				this.next();
				const inside = this.tuple({brackets: true});
				this.expect(')');
				return {...inside, start, end: this.previousEnd};
			}
			case '[': {
				this.next();
				const items = this.list(']', () => this.expression());
				return {kind: 'list', items, start, end: this.previousEnd};
			}
			case '{': {
				this.next();
				const pairs = this.list('}', () => {
					const key = this.expression();
					this.expect(':');
					return [key, this.expression()] as const;
				});
				return {kind: 'dict', pairs, start, end: this.previousEnd};
			}
			default:
				return this.fail(`unexpected ${describe(token)}`);
		}
	}

	/** Items between commas up to a closing bracket; a last comma is allowed. */
	protected list<T>(close: string, read: () => T): T[] {
		const items: T[] = [];
		while (this.current.type !== close) {
			if (items.length) this.expect(',');
			if (this.current.type === close) break;
			items.push(read());
		}
		this.expect(close);
		return items;
	}

	/** An expression, or several with commas: a tuple. `endsAt` names a word that ends it. */
	tuple({
		brackets = false,
		withConditional = true,
		endsAt,
	}: {
		brackets?: boolean;
		withConditional?: boolean;
		endsAt?: string;
	} = {}): Expression {
		const {start} = this.current;
		const items: Expression[] = [];
		let several = false;
		while (true) {
			if (items.length) this.expect(',');
			if (['variable_end', 'block_end', ')'].includes(this.current.type) || (endsAt && this.isName(endsAt))) break;
			items.push(this.expression(withConditional));
			if (this.current.type !== ',') break;
			several = true;
		}
		if (!several) {
			if (items.length) return items[0]!;
			if (!brackets) this.fail(`Expected an expression, got ${describe(this.current)}`);
		}
		return {kind: 'tuple', items, start, end: this.previousEnd};
	}

	/** `.name`, `.0`, `[...]`, `(...)` */
	protected postfix(value: Expression): Expression {
		let result = value;
		while (true) {
			if (this.current.type === '.' || this.current.type === '[') result = this.subscript(result);
			else if (this.current.type === '(') result = this.call(result);
			else return result;
		}
	}

	/** `| filter`, `is test`, `(...)` */
	protected filters(value: Expression): Expression {
		let result = value;
		while (true) {
			if (this.current.type === '|') {
				this.next();
				result = this.filter(result);
			} else if (this.isName('is')) result = this.test(result);
			else if (this.current.type === '(') result = this.call(result);
			else return result;
		}
	}

	protected call(callee: Expression): Expression {
		const args = this.callArguments();
		return {kind: 'call', callee, arguments: args, start: callee.start, end: this.previousEnd};
	}

	protected subscript(object: Expression): Expression {
		const {start} = object;
		if (this.next().type === '.') {
			const token = this.next();
			if (token.type === 'name') return {kind: 'attribute', object, name: token.value as string, start, end: token.end};
			if (token.type !== 'integer') this.fail('expected name or number', token);
			return {
				kind: 'item',
				object,
				key: {kind: 'constant', value: token.value, start: token.start, end: token.end},
				start,
				end: token.end,
			};
		}
		const keys: (Expression | {slice: [Expression | null, Expression | null, Expression | null]})[] = [];
		const inside = this.current.start;
		while (this.current.type !== ']') {
			if (keys.length) this.expect(',');
			keys.push(this.subscribed());
		}
		this.expect(']');
		const end = this.previousEnd;
		const only = keys[0];
		if (keys.length === 1 && only && 'slice' in only) {
			const [from, to, step] = only.slice;
			return {kind: 'slice', object, from, to, step, start, end};
		}
		if (keys.length === 1 && only && !('slice' in only)) return {kind: 'item', object, key: only, start, end};
		if (keys.some((key) => 'slice' in key)) this.fail('a slice cannot stand among several keys', {start: inside, end});
		return {kind: 'item', object, key: {kind: 'tuple', items: keys as Expression[], start: inside, end}, start, end};
	}

	protected subscribed(): Expression | {slice: [Expression | null, Expression | null, Expression | null]} {
		const part = (): Expression | null => ([']', ',', ':'].includes(this.current.type) ? null : this.expression());
		let from: Expression | null = null;
		if (!this.skip(':')) {
			from = this.expression();
			if (!this.skip(':')) return from;
		}
		const to = part();
		const step = this.skip(':') ? part() : null;
		return {slice: [from, to, step]};
	}

	protected callArguments(): Arguments {
		const open = this.expect('(');
		const positional: Expression[] = [];
		const named: {name: string; value: Expression}[] = [];
		let rest: Expression | null = null;
		let namedRest: Expression | null = null;
		const ensure = (right: boolean): void => {
			if (!right) this.fail('invalid syntax for function call expression', {start: open.start, end: this.current.end});
		};
		let first = true;
		while (this.current.type !== ')') {
			if (!first) {
				this.expect(',');
				if (this.current.type === ')') break;
			}
			first = false;
			if (this.current.type === '*') {
				ensure(!rest && !namedRest);
				this.next();
				rest = this.expression();
			} else if (this.current.type === '**') {
				ensure(!namedRest);
				this.next();
				namedRest = this.expression();
			} else if (this.current.type === 'name' && this.look().type === '=') {
				ensure(!namedRest);
				const name = this.next().value as string;
				this.next();
				if (named.some((one) => one.name === name)) this.fail(`keyword argument repeated: ${name}`);
				named.push({name, value: this.expression()});
			} else {
				ensure(!rest && !namedRest && !named.length);
				positional.push(this.expression());
			}
		}
		this.expect(')');
		return {positional, named, rest, namedRest};
	}

	/** The name of a filter or test, dots included. */
	protected pluginName(): {name: string; nameAt: {start: number; end: number}} {
		const token = this.expect('name');
		let name = token.value as string;
		while (this.current.type === '.') {
			this.next();
			name += `.${this.expect('name').value}`;
		}
		return {name, nameAt: {start: token.start, end: this.previousEnd}};
	}

	/** A filter behind its `|`; `value` is null at the head of a filter block. */
	protected filter(value: Expression | null): Expression {
		const {name, nameAt} = this.pluginName();
		const args = this.current.type === '(' ? this.callArguments() : noArguments;
		return {kind: 'filter', value, name, nameAt, arguments: args, start: value?.start ?? nameAt.start, end: this.previousEnd};
	}

	protected test(value: Expression): Expression {
		this.next();
		const negated = this.skipName('not');
		const {name, nameAt} = this.pluginName();
		let args = noArguments;
		const {type} = this.current;
		if (type === '(') args = this.callArguments();
		else if (
			['name', 'string', 'integer', 'float', '[', '{'].includes(type) &&
			!(type === 'name' && ['else', 'or', 'and'].includes(this.current.value as string))
		) {
			if (this.isName('is')) this.fail('You cannot chain multiple tests with is');
			args = {...noArguments, positional: [this.postfix(this.primary())]};
		}
		const test: Expression = {kind: 'test', value, name, nameAt, arguments: args, start: value.start, end: this.previousEnd};
		return negated ? {kind: 'unary', operator: 'not', value: test, start: test.start, end: test.end} : test;
	}

	/** What can be assigned to: a name, names with commas, with `namespaces` also `ns.name`. */
	target({
		endsAt,
		namespaces = false,
		nameOnly = false,
	}: {
		endsAt?: string;
		namespaces?: boolean;
		nameOnly?: boolean;
	} = {}): Target {
		if (nameOnly) return this.assignable(this.expect('name'));
		const {start} = this.current;
		const items: Target[] = [];
		let several = false;
		while (true) {
			if (items.length) this.expect(',');
			if (['variable_end', 'block_end', ')'].includes(this.current.type) || (endsAt && this.isName(endsAt))) break;
			items.push(this.targetItem(namespaces));
			if (this.current.type !== ',') break;
			several = true;
		}
		if (!several && items.length) return items[0]!;
		if (!several) this.fail(`Expected an expression, got ${describe(this.current)}`);
		return {kind: 'tuple', items, start, end: this.previousEnd};
	}

	protected targetItem(namespaces: boolean): Target {
		const {start, type} = this.current;
		if (type === '(') {
			this.next();
			const inside = this.target({namespaces});
			this.expect(')');
			return {...inside, start, end: this.previousEnd};
		}
		if (type !== 'name') {
			const read = this.primary();
			this.fail(`can't assign to '${read.kind === 'constant' ? 'const' : read.kind}'`, read);
		}
		const token = this.next();
		if (namespaces && this.current.type === '.') {
			this.next();
			const attribute = this.expect('name');
			return {kind: 'namespace', name: token.value as string, attribute: attribute.value as string, start, end: attribute.end};
		}
		return this.assignable(token);
	}

	private assignable(token: Token): Target {
		if (literals.has(token.value as string)) this.fail("can't assign to 'const'", token);
		return {kind: 'name', name: token.value as string, start: token.start, end: token.end};
	}
}
