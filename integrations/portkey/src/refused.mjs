/** A request that is answered before anybody is asked. */
export class Refused extends Error {
  /**
   * @param {string} code the body's `error.code`
   * @param {string} message what is wrong, for people
   * @param {number} status of the answer
   */
  constructor(code, message, status = 403) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
