// The button names the price of the length that is chosen, and is pressed once.

for (const form of document.querySelectorAll('form[data-purchase]')) {
  const button = form.querySelector('button');
  const name = button.textContent;
  const showPrice = () => {
    button.textContent = `${name} for ${form.querySelector(':checked').dataset.price}`;
  };
  form.addEventListener('change', showPrice);
  form.addEventListener('submit', () => (button.disabled = true));
  showPrice();
}

// Coming back finds the page as it was left: its wallet is old, and its purchase is made.
addEventListener('pageshow', (event) => event.persisted && location.reload());
