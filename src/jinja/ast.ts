import type {Value} from './value.js';

/** A stretch of a template's source: offsets of UTF-16 code units, `end` exclusive. */
export interface Position {
	readonly start: number;
	readonly end: number;
}

export type Expression = Position &
	(
		| {readonly kind: 'constant'; readonly value: Value}
		| {readonly kind: 'name'; readonly name: string}
		| {readonly kind: 'list'; readonly items: readonly Expression[]}
		| {readonly kind: 'tuple'; readonly items: readonly Expression[]}
		| {readonly kind: 'dict'; readonly pairs: readonly (readonly [Expression, Expression])[]}
		| {readonly kind: 'attribute'; readonly object: Expression; readonly name: string}
		| {readonly kind: 'item'; readonly object: Expression; readonly key: Expression}
		| {
				readonly kind: 'slice';
				readonly object: Expression;
				readonly from: Expression | null;
				readonly to: Expression | null;
				readonly step: Expression | null;
		  }
		| {readonly kind: 'call'; readonly callee: Expression; readonly arguments: Arguments}
		| {
				readonly kind: 'filter';
				readonly value: Expression | null;
				readonly name: string;
				readonly nameAt: Position;
				readonly arguments: Arguments;
		  }
		| {
				readonly kind: 'test';
				readonly value: Expression;
				readonly name: string;
				readonly nameAt: Position;
				readonly arguments: Arguments;
		  }
		| {readonly kind: 'unary'; readonly operator: '+' | '-' | 'not'; readonly value: Expression}
		| {readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression}
		| {readonly kind: 'concat'; readonly items: readonly Expression[]}
		| {
				readonly kind: 'compare';
				readonly first: Expression;
				readonly rest: readonly {readonly operator: CompareOperator; readonly value: Expression}[];
		  }
		| {readonly kind: 'logic'; readonly operator: 'and' | 'or'; readonly left: Expression; readonly right: Expression}
		| {readonly kind: 'conditional'; readonly test: Expression; readonly value: Expression; readonly otherwise: Expression | null}
	);

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

export interface Arguments {
	readonly positional: readonly Expression[];
	readonly named: readonly {readonly name: string; readonly value: Expression}[];
	readonly rest: Expression | null;
	readonly namedRest: Expression | null;
}

/** What can stand left of `=`, between `for` and `in`, in `with`. */
export type Target = Position &
	(
		| {readonly kind: 'name'; readonly name: string}
		| {readonly kind: 'tuple'; readonly items: readonly Target[]}
		| {readonly kind: 'namespace'; readonly name: string; readonly attribute: string}
	);

export interface Signature {
	readonly names: readonly string[];
	/** The defaults of the last parameters. */
	readonly defaults: readonly Expression[];
}

export type Body = readonly Statement[];

export type Statement = Position &
	(
		| {readonly kind: 'data'; readonly text: string}
		| {readonly kind: 'output'; readonly value: Expression}
		| {
				readonly kind: 'for';
				readonly target: Target;
				readonly iterable: Expression;
				readonly filter: Expression | null;
				readonly recursive: boolean;
				readonly body: Body;
				readonly otherwise: Body;
		  }
		| {
				readonly kind: 'if';
				readonly branches: readonly {readonly test: Expression; readonly body: Body}[];
				readonly otherwise: Body;
		  }
		| {readonly kind: 'set'; readonly target: Target; readonly value: Expression}
		| {readonly kind: 'set-block'; readonly target: Target; readonly filter: Expression | null; readonly body: Body}
		| {readonly kind: 'with'; readonly bindings: readonly (readonly [Target, Expression])[]; readonly body: Body}
		| {readonly kind: 'macro'; readonly name: string; readonly signature: Signature; readonly body: Body}
		| {readonly kind: 'call-block'; readonly call: Expression; readonly signature: Signature; readonly body: Body}
		| {readonly kind: 'filter-block'; readonly filter: Expression; readonly body: Body}
		| {readonly kind: 'block'; readonly name: string; readonly scoped: boolean; readonly required: boolean; readonly body: Body}
		| {readonly kind: 'extends'; readonly template: Expression}
		| {readonly kind: 'include'; readonly template: Expression; readonly ignoreMissing: boolean; readonly withContext: boolean}
		| {readonly kind: 'import'; readonly template: Expression; readonly name: string; readonly withContext: boolean}
		| {
				readonly kind: 'from';
				readonly template: Expression;
				readonly names: readonly (readonly [name: string, alias: string])[];
				readonly withContext: boolean;
		  }
		| {readonly kind: 'do'; readonly value: Expression}
		| {readonly kind: 'autoescape'; readonly value: Expression; readonly body: Body}
		| {readonly kind: 'break'}
		| {readonly kind: 'continue'}
	);
