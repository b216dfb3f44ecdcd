import { type Command, UsageError } from '../command.js';

export const command: Command = {
  usage: 'Usage: qaqpa trust\n',
  run: () => Promise.reject(new UsageError('this command is not finished')),
};
