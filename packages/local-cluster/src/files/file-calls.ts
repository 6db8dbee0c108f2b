// LIST_FILES and READ_FILE of the operator APIs (src/master/http.cpp and src/slave/http.cpp, listFiles and readFile).
import type { Answer } from '../http/answers.js';
import type { ApiResult } from '../http/message-api.js';
import { FilesError, type Files } from './files.js';

const STATUS = { invalid: 400, 'not-found': 404, unknown: 500 } as const;

/** Of a FilesError; anything else is thrown again. */
export const fileErrorAnswer = (error: unknown): Answer => {
  if (error instanceof FilesError) return { status: STATUS[error.kind], body: error.message };
  throw error;
};

export const listFiles = async (files: Files, path: string): Promise<ApiResult> => {
  try {
    return { message: { type: 'LIST_FILES', list_files: { file_infos: await files.browse(path) } } };
  } catch (error) {
    return fileErrorAnswer(error);
  }
};

export interface ReadFileCall {
  readonly path: string;
  readonly offset: number;
  readonly length?: number | undefined;
}

export const readFile = async (files: Files, { path, offset, length }: ReadFileCall): Promise<ApiResult> => {
  try {
    const { size, data } = await files.read(path, offset, length);
    return { message: { type: 'READ_FILE', read_file: { size, data: data.toString('base64') } } };
  } catch (error) {
    return fileErrorAnswer(error);
  }
};
