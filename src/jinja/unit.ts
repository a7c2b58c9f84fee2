import type {SourceFile, Span} from '../source/source.js';
import {PythonError} from './fault.js';
import {SyntaxFault} from './syntax-error.js';
import {type Circumstances, TemplateError} from './value.js';

/** The text that is being evaluated, and where it stands in the user's files. */
export class Unit {
	readonly source: string;
	readonly origin: Span | undefined;
	readonly contentStart: number | undefined;
	readonly isExpression: boolean;
	/** The name of an included or imported template. */
	readonly name: string | undefined;
	constructor(source: string, origin?: Span, contentStart?: number, isExpression = false, name?: string) {
		this.source = source;
		this.origin = origin;
		this.contentStart = contentStart;
		this.isExpression = isExpression;
		this.name = name;
	}
	/** A stretch of the source as a place in the user's file: exact where the text stands there as it is, else the whole text. */
	span(at: {start: number; end: number}): Span | undefined {
		if (!this.origin || this.contentStart === undefined) return this.origin;
		return {file: this.origin.file, start: this.contentStart + at.start, end: this.contentStart + at.end};
	}
	get kind(): 'expression' | 'template' {
		return this.isExpression ? 'expression' : 'template';
	}
}

/** The file of a template, for what it includes. */
export function fileOf(unit: Unit): SourceFile | undefined {
	return unit.origin?.file;
}

/** What a failed evaluation is as an error with a place: `undefined` for what is not an error of the template. */
export function errorOf(
	fault: unknown,
	unit: Unit,
	at?: {start: number; end: number},
	circumstances?: Circumstances,
): TemplateError | undefined {
	if (fault instanceof TemplateError) return fault;
	const span = at ? unit.span(at) : unit.origin;
	if (fault instanceof PythonError)
		return new TemplateError('runtime', `Error rendering ${unit.kind}: ${fault.message}`, {span, cause: fault, circumstances});
	if (fault instanceof SyntaxFault)
		return new TemplateError('syntax', `Syntax error in ${unit.kind}: ${fault.message}`, {span: unit.span(fault), cause: fault});
	if (fault instanceof RangeError)
		return new TemplateError('recursion', `Recursive loop detected in ${unit.kind}.`, {span, cause: fault});
	return undefined;
}
