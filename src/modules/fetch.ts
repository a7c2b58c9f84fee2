import {createHash} from 'node:crypto';
import {type Args, defineAction, ModuleFailure, type Outcome} from './contract.js';
import {type PathState, reached, readPath} from './kinds/path.js';
import {baseName, joinPath} from './kinds/path-names.js';

type FetchArgs = Args & {readonly src: string; readonly dest: string; readonly flat: boolean; readonly fail_on_missing: boolean};

export default defineAction<FetchArgs, {readonly src: PathState}>({
	name: 'fetch',
	summary: 'Bring a file of the host to this side.',
	args: {
		src: {type: 'path', required: true, description: 'The file of the host.'},
		dest: {type: 'str', required: true, description: 'The folder here, in which the host and the path name the file.'},
		flat: {type: 'bool', default: false, description: '`dest` is the file itself, or its folder when it ends in a slash.'},
		fail_on_missing: {type: 'bool', default: true, description: 'Fail when the file is not there.'},
		validate_checksum: {type: 'bool', default: true, description: 'Compare the digests; they always are.'},
	},
	inCheckMode: 'skip',
	needsHost: true,
	concernsOthers: true,
	inspect: ({src}) => ({src: readPath(src, {content: true})}),
	act({src, dest, flat, fail_on_missing}, before, {hostName}): Outcome {
		const {type, content, readable, path} = reached(before.src);
		if (!Buffer.isBuffer(content)) {
			const msg =
				type === 'directory'
					? 'remote file is a directory, fetch cannot work on directories'
					: readable === false || type === 'unreadable'
						? 'file is not readable'
						: 'the remote file does not exist';
			const told = `${msg}, not transferring, ignored`;
			if (!fail_on_missing) return {result: {msg: told, ...(type === 'directory' ? {} : {file: src})}, changed: false};
			throw new ModuleFailure(type === 'directory' ? msg : told);
		}
		const target = flat
			? dest.endsWith('/')
				? joinPath(dest, baseName(src))
				: dest
			: `${dest.replace(/\/+$/, '')}/${hostName}/${path.replace(/^\/+/, '')}`;
		const sha1 = createHash('sha1').update(content).digest('hex');
		const md5sum = createHash('md5').update(content).digest('hex');
		return {
			result: {dest: target, file: src, checksum: sha1, md5sum},
			effects: [{kind: 'write-local', path: target, content, whenWritten: {remote_checksum: sha1, remote_md5sum: null}}],
		};
	},
});
