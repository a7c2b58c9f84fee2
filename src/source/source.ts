/** What this room offers: the user's texts with positions, and what to say about them. */

export {joinMessages, renderAnsible} from './ansible-frame.js';
export {type DiagnosticCode, diagnosticCodes} from './codes.js';
export {type Cause, type Diagnostic, DiagnosticError, inSourceOrder, type Label, type Report} from './diagnostic.js';
export {formatSpan, type Position, SourceFile, type Span} from './file.js';
export {renderDiagnostic} from './frame.js';
export {library} from './library.js';
export {
	getEntry,
	type MapEntry,
	type MapNode,
	type Node,
	type ScalarNode,
	type ScalarValue,
	type SeqNode,
	YamlDate,
	YamlFloat,
} from './node.js';
export {didYouMean, suggest} from './suggest.js';
export {cleanText, displayWidth} from './width.js';
export {parseYaml, parseYamlDocuments} from './yaml.js';
