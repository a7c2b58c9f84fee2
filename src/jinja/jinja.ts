/** What this room offers: the template language with Ansible's rules. It knows no hosts and no files; a `Scope` brings both. */
export {type Analysis, analyze, type Use} from './analyze.js';
export {evaluateCondition} from './condition.js';
export {passwordHash} from './crypt/password-hash.js';
export {ansibleEnvironment, type Environment} from './environment.js';
export {
	type ExpressionOrigin,
	evaluateExpression,
	evaluateFile,
	evaluateLazily,
	evaluatePlain,
	evaluateTemplate,
	type FileOptions,
	finalize,
	renderFile,
	renderPlain,
} from './evaluate.js';
export {MarkerUsed, PythonError, type PythonErrorType, typeError, UnknownUsed, valueError} from './fault.js';
export {type NodeOptions, nodeToValue} from './from-node.js';
export {glimpse} from './glimpse.js';
export {globalNames} from './globals.js';
export {checkItems, checkLength} from './limits.js';
export {reveal} from './plugin-call.js';
export {compare, contains, isTruthy, pythonEquals, textOf} from './python/compare.js';
export {iterate, lengthOf} from './python/iterate.js';
export {fromJson, type JsonStyle, toJson} from './python/json.js';
export {toFloat, toInt} from './python/number.js';
export {drawCharacters} from './python/random.js';
export {hide, holdsSecret, secretTexts} from './python/secret.js';
export {pythonRepr, pythonStr} from './python/text.js';
export {typeName} from './python/type-name.js';
export {readReplacement} from './regex/replacement.js';
export {allMatches, groupCount, groupNames, type RegexFlags, searchRegex, translateRegex} from './regex.js';
export {pluginNames} from './registry.js';
export type {Scope, VaultFunctions} from './scope.js';
export {bindArguments, literalValue, parseParameters} from './signature.js';
export {ansibleSyntax, plainSyntax, type Syntax} from './syntax.js';
export {looksLikeTemplate} from './template-text.js';
export {
	type Callable,
	type Circumstances,
	DateTime,
	Dict,
	Float,
	hashKey,
	Internal,
	Marker,
	Omit,
	Secret,
	Template,
	TemplateError,
	type TemplateErrorCategory,
	Tuple,
	Unknown,
	type Value,
	type Waypoint,
} from './value.js';
export {isVariableName} from './variable-name.js';
export {toYaml, type YamlStyle} from './yaml/to-yaml.js';
