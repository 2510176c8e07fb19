// Loaded into a process that is to fail: on SIGUSR2 something throws where nobody catches, with secrets in its words.
process.on('SIGUSR2', () => {
  const words = 'sk_live_secret-of-a-test at postgres://user:password-of-a-test@db';
  if (process.env.THROWS === 'promise') void Promise.reject(new Error(words));
  else
    setImmediate(() => {
      throw new Error(words);
    });
});
