/** Something that the tests need is not on this machine. The message ends with the remedy. */
export class MissingPrerequisite extends Error {
  override readonly name = 'MissingPrerequisite';
}
