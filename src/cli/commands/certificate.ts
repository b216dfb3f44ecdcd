import { type Command, UsageError } from '../command.js';

export const command: Command = {
  usage: 'Usage: qaqpa certificate\n',
  run: () => Promise.reject(new UsageError('this command is not finished')),
};
