"""Each backend enrols in the contracts here, and shows what only it does."""
