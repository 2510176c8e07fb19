// The desk opens this page with the session that the helper attends, and the request that it is the talk of.
const { searchParams } = new URL(location.href);
for (const name of ['session', 'request'])
  for (const element of document.querySelectorAll(`.talk [data-of~=${name}]`))
    element.setAttribute(`${name}-id`, searchParams.get(`${name}_id`) ?? '');
