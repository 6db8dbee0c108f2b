import { createLogger } from '../log/logger.js';

export const silentLogger = createLogger('test', process.env['TEST_LOG_LEVEL'] ?? 'silent');
