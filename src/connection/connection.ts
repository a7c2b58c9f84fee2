/** What this room offers: constant scripts run on hosts, over one connection each. */
export {contentInTurn, contentOfBytes, contentOfFile} from './content.js';
export {progressIn} from './content-stream.js';
export {
	type Become,
	BecomeError,
	type Connection,
	type ConnectionSettings,
	type Content,
	DeadlineError,
	LostConnectionError,
	type Request,
	type Response,
	type Shell,
	type Target,
	UnreachableError,
} from './contract.js';
export {openConnection} from './open-connection.js';
export {splitWords} from './quote.js';
export {type Script, sh} from './script.js';
