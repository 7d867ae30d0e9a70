"""Networks that recognise patterns; torch and ONNX Runtime are imported nowhere else."""
